"""Faults speak both languages: every one of them, and what to write for every type of the catalogue."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml
from chalicelib.catalog import Shop
from storefront.check.content import look
from storefront.read import faults, forms
from storefront.read.faults import Said, fault, phrase
from storefront.read.records import FOLDERS

from tests.site.helpers.built import REPO
from tests.site.helpers.samples import CHINESE, GOOD, photograph, swapped, write

FOLDER = Path(faults.__file__).parent
FAULTS: dict[str, Any] = yaml.load((FOLDER / "faults.yml").read_bytes(), yaml.CSafeLoader)
PHRASES: dict[str, Any] = yaml.load((FOLDER / "phrases.yml").read_bytes(), yaml.CSafeLoader)
REMEDIES: dict[str, str] = PHRASES.pop("remedies")
HAN = re.compile("[\u4e00-\u9fff]")
FILLED = {"no_field", "unpaired", "no_record", "no_province", "no_file", "forbidden"}
"""Faults whose remedy depends on what there is: it is filled in, in both languages."""


def fields(text: str) -> set[str]:
    return {name for _, name, *_ in Formatter().parse(text) if name}


def types(type_: Any) -> Iterator[Any]:
    """A type that content writes, and all in it."""
    yield type_
    inner = [info.type for info in forms.fields_of(type_).values()] if forms.is_record(type_) else []
    for one in [forms.item_of(type_)] if forms.item_of(type_) else inner:
        yield from types(one)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_says_what_and_how_in_chinese_and_in_english(name: str) -> None:
    what, remedy = FAULTS[name]["what"], FAULTS[name]["remedy"]
    for text in (what, remedy):
        assert text.keys() == {"zh", "en"}
        assert fields(text["zh"]) | {"problem", "name"} >= fields(text["en"]) - {"number"}, "nothing is lost in Chinese"
    assert HAN.search(what["zh"])
    assert HAN.search(remedy["zh"]) or name in FILLED
    assert not HAN.search(what["en"] + remedy["en"])


def test_a_fault_is_written_once_and_something_reports_it() -> None:
    names = re.findall(r"^(\w+):", (FOLDER / "faults.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, times in Counter(names).items() if times > 1] == []
    folders = (REPO / "site", REPO / "infra/cunbo")
    code = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))
    made = tuple(re.findall(r'fault\(f"(\w+)\{', code))
    left = [name for name in names if f'"{name}"' not in code and not name.startswith(made)]
    assert left == []


def test_parts_of_faults_are_in_both_languages_too() -> None:
    assert [name for name, text in PHRASES.items() if text.keys() != {"zh", "en"} or not HAN.search(text["zh"])] == []


def test_what_to_write_for_each_type_has_its_chinese_and_none_is_left_over() -> None:
    said = {forms.remedy_of(one).en for kind in (*FOLDERS.values(), Shop) for one in types(kind)}
    assert said - REMEDIES.keys() == set(), "write its Chinese into phrases.yml"
    assert REMEDIES.keys() - said - {*forms.REMEDIES.values(), "its own fields below it", "a list"} == set()


@pytest.mark.parametrize(
    ("words", "chinese"),
    [
        ("production", "production 应该是一组字段"),
        (phrase("entry", name="packs", number=1), "packs 的第 1 项应该是一组字段"),
        (Said("“x”", "'x'"), "“x”应该是一组字段"),
    ],
)
def test_chinese_has_a_space_where_latin_begins_and_nowhere_else(words: Said | str, chinese: str) -> None:
    assert fault("no_mapping", name=words, fields="x")[0].zh == chinese


@pytest.mark.parametrize(
    ("name", "there", "remedy"),
    [
        ("Jar.jpg", "jar.jpg", "write jar.jpg: small and capital letters differ here"),
        ("caf\u00e9.jpg", "cafe\u0301.jpg", "the two names look alike and are encoded differently"),
        ("“jar.jpg”", "jar.jpg", "these quotes are not ASCII quotes: write src: jar.jpg"),
        ("jra.jpg", "jar.jpg", "put it there, or write jar.jpg"),
    ],
)
def test_of_a_name_that_only_looks_the_same_that_is_said(tmp_path: Path, name: str, there: str, remedy: str) -> None:
    files = swapped(CHINESE, "spicy-cabbage.svg", name) | {
        f"products/{there}": photograph(),
        "products/spicy-cabbage.svg": None,
    }
    found = [one for one in look(write(tmp_path, GOOD | files)).faults if one.file == f"content/{CHINESE}"]
    if not unicodedata.is_normalized("NFC", there) and (tmp_path / "content/products" / name).exists():
        pytest.skip("to this file system the two are one name")
    assert any(remedy in one.told("en") for one in found), found


def test_a_village_in_capitals_is_told_so(tmp_path: Path) -> None:
    found = look(write(tmp_path, GOOD | swapped(CHINESE, "village: gaotaizi", "village: Gaotaizi"))).faults
    assert any("改成 gaotaizi：大写和小写字母不能混用" in one.told("zh") for one in found)


def test_a_price_that_may_be_in_yuan_is_no_fault_and_its_writer_is_asked(tmp_path: Path) -> None:
    found = look(write(tmp_path, GOOD | swapped(CHINESE, "price: 2990", "price: 29")))
    assert found.faults == ()
    assert [one.told("zh") for one in found.notices] == [
        f"content/{CHINESE}:17: 价格 29 分是 0.29 元: 如果是 29 元，写 2900"
    ]


def test_words_to_be_found_by_stand_apart(tmp_path: Path) -> None:
    (found,) = look(write(tmp_path, GOOD | swapped(CHINESE, "sample: true", "also: [泡菜，咸菜]"))).faults
    assert found.told("zh") == f"content/{CHINESE}:24: “泡菜，咸菜”是好几个词: 分开写，一个词一项：泡菜, 咸菜"
