"""What pages tell machines of themselves, held to schema.org's vocabulary and to what the pages show."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.site.helpers.built import ORIGIN, english, nodes, structured
from tests.site.helpers.pages import CATALOG, READING
from tests.site.helpers.schema_org import KEPT

TYPES: dict[str, Any] = json.loads(KEPT.read_text())["types"]
PLAIN: dict[str, Any] = {"Number": (int, float, str), "Integer": int, "Boolean": bool}
"""What Python has for a value that is no text."""


def lineage(kind: str) -> list[str]:
    """The type and all that it descends from."""
    return [kind, *(older for parent in TYPES[kind]["parents"] for older in lineage(parent))]


def faults(node: dict[str, Any]) -> list[str]:
    """What the vocabulary does not know: types, properties of them, and values that are of another kind."""
    kind = node["@type"]
    if kind not in TYPES:
        return [f"there is no type {kind}"]
    found = []
    for name, value in node.items():
        if name == "@type":
            continue
        kinds = [each for older in lineage(kind) for each in TYPES[older]["properties"].get(name, [])]
        if not kinds:
            found.append(f"{kind} has no {name}")
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                found += faults(each)
                fits = not kinds or bool(set(lineage(each["@type"])) & set(kinds))
            else:
                fits = not kinds or any(isinstance(each, PLAIN.get(one, str)) for one in kinds)
            if not fits:
                found.append(f"{kind}.{name} is no {type(each).__name__}")
    return found


@pytest.mark.parametrize("address", READING)
def test_every_page_speaks_schema_orgs_words(site: Path, address: str) -> None:
    for own in (address, english(address)):
        told = nodes(site, own)
        assert told, own
        assert [fault for node in told for fault in faults(node)] == []


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"@type": "Thingummy"}, "there is no type Thingummy"),
        ({"@type": "Product", "prize": "1"}, "Product has no prize"),
        ({"@type": "Product", "offers": {"@type": "Clip"}}, "Product.offers is no dict"),
        ({"@type": "ListItem", "position": [1.5]}, "ListItem.position is no float"),
    ],
)
def test_what_is_no_word_of_it_is_found(node: dict[str, Any], fault: str) -> None:
    assert faults(node) == [fault]


def test_the_trail_of_a_page_leads_from_home_by_the_village_to_itself(site: Path) -> None:
    for product in CATALOG.products:
        trail = structured(site, english(f"/products/{product.id}/"), "BreadcrumbList")["itemListElement"]
        assert [(step["position"], step["item"]) for step in trail] == [
            (1, f"{ORIGIN}/en/"),
            (2, f"{ORIGIN}/en/villages/{product.village}/"),
            (3, f"{ORIGIN}/en/products/{product.id}/"),
        ]
        assert trail[2]["name"] == product.name.en


def test_a_story_names_its_source_and_its_day(site: Path) -> None:
    for story in CATALOG.stories:
        told = structured(site, f"/stories/{story.id}/", "Article")
        assert (told["citation"], told["datePublished"]) == (story.source.zh, str(story.published))
