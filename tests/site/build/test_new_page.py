"""What a page type and a product's field need: whoever adds one is told here what was left out."""

import msgspec
import pytest
from chalicelib.catalog import Pack, Product
from storefront.read.generated import GENERATED, OF_ROOMS
from storefront.read.records import FOLDERS, template_of

from tests.site.helpers.built import REPO

THEME = REPO / "site/theme"
FRAMES = {"shop.html", "article.html", "main.html", "home.html"}
"""What other templates fill, what Material asks for, and the home page, which content names."""
RULED = {
    "id",
    "kind",
    "village",
    "production",
    "per_order",
    "per_buyer",
    "unit",
    "zones",
    "sample",
    "packs",
    "sku",
    "also",
    "keeps_days",
    "returns",
    "drop_floor",
    "host_card",
}
"""Fields that shape what the shop does, whatever a page says of them."""


def shown() -> set[str]:
    """Templates that some page has."""
    content = {f"content/{template_of(kind)}" for kind in FOLDERS.values()}
    return {*GENERATED.values(), *OF_ROOMS.values(), *content}


def templates() -> list[str]:
    names = (path.relative_to(THEME).as_posix() for path in THEME.rglob("*.html"))
    return sorted(name for name in names if name not in FRAMES and not name.startswith("parts/"))


@pytest.mark.parametrize("name", templates())
def test_a_template_is_some_page(name: str) -> None:
    assert name in shown(), f"{name}: add its page to GENERATED or OF_ROOMS in read/generated.py or to FOLDERS in read/"


@pytest.mark.parametrize("name", sorted(shown()))
def test_a_page_has_its_template(name: str) -> None:
    assert (THEME / name).is_file(), f"site/theme/{name} is missing"


@pytest.mark.parametrize("kind", [Product, Pack], ids=lambda kind: kind.__name__)
def test_a_field_of_a_product_is_shown_or_shapes_a_rule(kind: type[msgspec.Struct]) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in THEME.rglob("*.html"))
    facts = [field for field in kind.__struct_fields__ if field not in RULED]
    unseen = [field for field in facts if f".{field}" not in text and f'"{field}"' not in text]
    assert unseen == [], "show it in site/theme/content/product.html, or say in RULED that it shapes what the shop does"
