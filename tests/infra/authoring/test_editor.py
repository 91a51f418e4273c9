"""The editor's configuration: every field of the catalogue is in it, and Sveltia's own schema takes it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from chalicelib.catalog import Pack, Product, Shop, Text
from cunbo.authoring import editor
from cunbo.core.paths import Paths
from cunbo.core.refusal import Refusal
from storefront.read import forms
from storefront.read.messages import LANGUAGES
from storefront.read.records import FOLDERS

from tests.infra.fields import written

CONFIG = editor.config("zh")
COLLECTIONS = {one["name"]: one for one in CONFIG["collections"]}
SCHEMA = json.loads((editor.PACKAGE / "schema" / "sveltia-cms.json").read_bytes())


def shown(fields: list[dict[str, Any]], way: str = "") -> Iterator[str]:
    """The way to each field that the editor shows."""
    for one in fields:
        yield way + one["name"]
        yield from shown(one.get("fields", []), f"{way}{one['name']}.")


def field(fields: list[dict[str, Any]], way: str) -> dict[str, Any]:
    first, _, rest = way.partition(".")
    (found,) = [one for one in fields if one["name"] == first]
    return field(found["fields"], rest) if rest else found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sveltias_own_schema_takes_the_configuration(lang: str) -> None:
    assert [error.message for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(editor.config(lang))] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_field_that_content_may_write_is_shown_and_no_other(folder: str) -> None:
    assert {*shown(COLLECTIONS[folder]["fields"])} - {"template", "body"} == {*written(FOLDERS[folder])}


def test_the_shop_is_edited_too_with_both_languages_in_its_one_file() -> None:
    (shop,) = [one for one in CONFIG["singletons"] if one["name"] == "shop"]
    both = {f"{name}.{lang}" for name, info in forms.fields_of(Shop).items() if info.type is Text for lang in LANGUAGES}
    assert {*written(Shop)} | both <= {*shown(shop["fields"])}
    assert "i18n" not in json.dumps(shop)


@pytest.mark.parametrize(
    ("way", "i18n"),
    [
        ("name", True),
        ("village", False),
        ("packs.sku", "duplicate"),
        ("packs.name", True),
        ("packs.price", False),
        ("pictures.src", "duplicate"),
        ("pictures.alt", True),
        ("zones", False),
        ("template", "duplicate"),
    ],
)
def test_texts_are_written_in_each_language_facts_once_and_keys_in_both_files(way: str, i18n: bool | str) -> None:
    assert field(COLLECTIONS["products"]["fields"], way)["i18n"] == i18n


def test_names_of_records_are_chosen_from_those_there_are_and_days_from_a_calendar() -> None:
    (shop,) = [one for one in CONFIG["singletons"] if one["name"] == "shop"]
    assert field(COLLECTIONS["stories"]["fields"], "village")["collection"] == "villages"
    assert field(COLLECTIONS["stories"]["fields"], "products")["multiple"]
    assert field(shop["fields"], "first")["collection"] == "products"
    assert field(shop["fields"], "calendar.closed.first")["widget"] == "datetime"
    assert len(field(shop["fields"], "zones.province")["options"]) == 34


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "小写字母、数字和单个连字符"), ("en", "lower-case letters, digits")]
)
def test_what_a_field_takes_is_said_as_the_check_says_it_in_the_editors_language(lang: str, words: str) -> None:
    (products,) = [one for one in editor.config(lang)["collections"] if one["name"] == "products"]
    assert field(products["fields"], "packs.sku")["pattern"][1].startswith(words)
    assert ("量词" in field(products["fields"], "unit")["pattern"][1]) == (lang == "zh")


def test_bounds_come_from_the_types() -> None:
    price = field(COLLECTIONS["products"]["fields"], "packs.price")
    (meta,) = forms.metas(forms.fields_of(Pack)["price"].type)
    assert (price["min"], price["max"], price["value_type"]) == (meta.ge, meta.le, "int")
    pictures = forms.metas(forms.fields_of(Product)["pictures"].type)[0]
    assert field(COLLECTIONS["products"]["fields"], "pictures")["max"] == pictures.max_length


def test_what_sveltia_would_fetch_elsewhere_is_served_from_here(tmp_path: Path) -> None:
    made = editor.make(Paths(root=tmp_path))
    script = (made / "parts" / "sveltia-cms.js").read_text()
    assert "https://unpkg.com/" not in script
    assert "cdn.jsdelivr.net" not in script
    assert len(list(made.glob("parts/*.woff2"))) == len(editor.FONTS)


def test_where_it_is_not_installed_the_command_says_who_does_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor, "PACKAGE", tmp_path)
    with pytest.raises(Refusal, match="`make write` does it"):
        editor.make(Paths(root=tmp_path))
