"""What everybody may read of the catalogue: the fields that are listed here, in whatever JSON the site has."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from chalicelib import catalog
from chalicelib.districts import OLD_NAMES, districts
from storefront.build.data import search_index
from storefront.build.data.published import FIELDS

from tests.site.helpers.pages import CATALOG

KEPT = {
    catalog.Product: {"production", "also", "host_card", "keeps_days"},
    catalog.HostCard: {"points", "wording", "answers"},
    catalog.Wording: {"avoid", "say"},
    catalog.Answer: {"question", "answer"},
    catalog.Story: {"also", "steps"},
    catalog.StoryStep: {"title", "words", "picture"},
    catalog.Info: {"also"},
    catalog.Pack: {"drop_floor"},
    catalog.Calendar: {"courier"},
    catalog.Production: {"per_day", "lead_days", "horizon_days", "extra"},
}
"""Fields that stay in the house: what can be made, when it is fetched, the floors of prices, what hosts say; `also` is
in search.json, and a story's steps are on its page."""
LISTED = {
    "catalog.json": {name for names in FIELDS.values() for name in names},
    "packs.json": {
        "postage", "zones", "rooms", "packs", "product", "name", "price", "was", "picture", "per_order", "unit",
        "returns", "province", "refused", "zh", "en",
    },
    "kept/days.json": {"records"},
    "search.json": set(),
    "sounds.json": {*search_index.characters()},
    "en/search.json": set(),
}  # fmt: skip
"""The names that each JSON of the site may use, beside ids that content gives."""


def types() -> list[type[msgspec.Struct]]:
    found = (getattr(catalog, name) for name in dir(catalog))
    return [
        one for one in found if isinstance(one, type) and issubclass(one, catalog.Record) and one is not catalog.Record
    ]


@pytest.mark.parametrize("kind", types(), ids=lambda kind: kind.__name__)
def test_of_each_field_somebody_has_said_whether_everybody_may_read_it(kind: type[msgspec.Struct]) -> None:
    public, kept = {*FIELDS.get(kind, ())}, KEPT.get(kind, set())
    assert public | kept == {*kind.__struct_fields__}, "list it in FIELDS of build/data/published.py, or in KEPT here"
    assert not public & kept


def names(value: Any) -> Iterator[str]:
    """Every name in a part of a JSON."""
    if isinstance(value, dict):
        yield from value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from names(part)


def test_each_json_of_the_site_says_what_is_listed_and_no_more(site: Path) -> None:
    ids = {*CATALOG.packs, *CATALOG.room_of}
    found = {path.relative_to(site).as_posix(): json.loads(path.read_bytes()) for path in site.rglob("*.json")}
    places = {name for cities in districts().values() for name in cities}
    places |= {*districts(), "source", "provinces"}
    old = {*names(json.loads(OLD_NAMES.read_bytes()))}
    for path, told in found.items():
        rest = {*names(told)} - ids
        allowed = places if path.endswith("/districts.json") else old if path.endswith(OLD_NAMES.name) else LISTED[path]
        assert rest <= allowed, path


def test_no_page_and_no_script_tells_what_stays_in_the_house(site: Path) -> None:
    """By its values too: a floor of a drop and a plan are nowhere as data."""
    inside = re.compile(r'"(production|per_day|lead_days|horizon_days|extra|drop_floor|host_card|wording)"\s*:')
    for path in site.rglob("*"):
        if path.suffix in {".html", ".json", ".js", ".xml", ".webmanifest"}:
            assert not inside.search(path.read_text(encoding="utf-8")), path


def test_no_file_of_the_site_has_what_a_hosts_card_says(site: Path) -> None:
    """A card may quote what the product's page says; what is on the card alone stays in the house."""
    cards = [product.host_card for product in CATALOG.products if product.host_card]
    assert len(cards) == len(CATALOG.products)
    secret = {one.avoid for card in cards for one in card.wording if len(one.avoid) > 5}
    assert secret
    for path in site.rglob("*"):
        if path.suffix in {".html", ".json", ".js", ".xml"}:
            text = path.read_text(encoding="utf-8")
            assert [one for one in secret if one in text] == [], path


def test_the_published_catalogue_says_what_pages_say(site: Path) -> None:
    told = json.loads((site / "catalog.json").read_bytes())
    assert told["version"] == CATALOG.version
    [jar] = [pack for product in told["products"] for pack in product["packs"] if pack["sku"] == "spicy-cabbage-500g"]
    assert (jar["price"], jar["weight"], jar["name"]) == (2990, 500, {"zh": "500 克", "en": "500 g"})
    assert {*jar} == {"sku", "name", "price", "weight", "was", "parts"}
