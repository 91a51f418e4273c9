"""The goods for merchants' programs: the feed of offers, and the same facts in each product's page."""

import csv
from pathlib import Path
from typing import Any

import msgspec
import pytest
from chalicelib.catalog import Catalog, Production, Was, Zone
from storefront.build.data.merchant import feed, is_offered, offers
from storefront.build.data.security_txt import build_day, expires
from storefront.build.media.pictures import Shot

from tests.functions.helpers.world import JAR, make_catalog, text
from tests.site.helpers.built import ORIGIN, english, stored, structured
from tests.site.helpers.pages import CATALOG

DRAWING = Shot(800, 600, "/pictures/a/card.jpeg", {}, [])
PHOTOGRAPH = Shot(1600, 1200, "/pictures/b/card.jpeg", {"jpeg": [(400, "/pictures/b/400.jpeg"), (1600, "/b.jpeg")]}, [])
ZONES = (Zone("西藏自治区", 1500), Zone("新疆维吾尔自治区", 1500), Zone("台湾省", refused=True))


def rows(catalog: Catalog, shot: Shot = DRAWING) -> list[dict[str, str]]:
    return offers(catalog, ORIGIN, "zh", {"/products/spicy-cabbage.svg": shot})


def real(**fields: Any) -> Catalog:
    """A shop that sells in earnest."""
    catalog = make_catalog(sample=False, **fields)
    return msgspec.structs.replace(catalog, shop=msgspec.structs.replace(catalog.shop, sample=False))


def test_an_offer_says_what_it_is_what_it_costs_and_what_its_parcel_costs_where() -> None:
    assert rows(real(postage=800, zones=ZONES))[0] == {
        "id": JAR,
        "item_group_id": "spicy-cabbage",
        "title": f"Spicy cabbage {JAR}",
        "description": "x",
        "link": f"{ORIGIN}/products/spicy-cabbage/#{JAR}",
        "image_link": f"{ORIGIN}/pictures/a/card.jpeg",
        "additional_image_link": "",
        "availability": "in_stock",
        "price": "29.90 CNY",
        "sale_price": "",
        "condition": "new",
        "brand": "Shop",
        "identifier_exists": "no",
        "google_product_category": "422",
        "size": JAR,
        "unit_pricing_measure": "500 g",
        "shipping": "CN:::8.00 CNY,CN:西藏自治区::15.00 CNY,CN:新疆维吾尔自治区::15.00 CNY",
        "min_handling_time": "2",
        "max_handling_time": "3",
        "excluded_destination": "",
    }


def test_a_photograph_is_given_at_its_largest_and_a_price_that_is_struck_out_as_the_price() -> None:
    catalog = real()
    (product,) = catalog.products
    pack = msgspec.structs.replace(product.packs[0], was=Was(3990, text("last month")))
    product = msgspec.structs.replace(product, packs=(pack,))
    (row,) = rows(msgspec.structs.replace(catalog, products=(product,)), PHOTOGRAPH)
    assert row["image_link"] == f"{ORIGIN}/b.jpeg"
    assert (row["price"], row["sale_price"]) == ("39.90 CNY", "29.90 CNY")


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({}, True),
        ({"production": Production(0, 1, 7, extra=5)}, True),
        ({"production": Production(0, 1, 7)}, False),
        ({"sample": True}, False),
    ],
)
def test_what_is_a_sample_or_is_not_made_is_no_offer(fields: dict[str, Any], offered: bool) -> None:
    catalog = real()
    (product,) = catalog.products
    catalog = msgspec.structs.replace(catalog, products=(msgspec.structs.replace(product, **fields),))
    assert is_offered(catalog, catalog.products[0]) == offered
    assert {row["availability"] for row in rows(catalog)} == {"in_stock" if offered else "out_of_stock"}
    assert all(bool(row["excluded_destination"]) == ("sample" in fields) for row in rows(catalog))


def test_nothing_of_a_shop_that_is_a_sample_goes_out_as_an_offer(site: Path) -> None:
    for own in ("/merchant.tsv", english("/merchant.tsv")):
        told = list(csv.DictReader(stored(site, own).read_text(encoding="utf-8").splitlines(), dialect="excel-tab"))
        assert [row["id"] for row in told] == [pack.sku for product in CATALOG.products for pack in product.packs]
        assert {(row["availability"], row["excluded_destination"]) for row in told} == {
            ("out_of_stock", "Shopping_ads,Free_listings")
        }


def test_a_value_with_tabs_lines_and_quotes_is_one_value_in_the_feed() -> None:
    written = feed([{"id": "a", "title": 'two\tlines\n "quoted"'}]).decode()
    assert list(csv.DictReader(written.splitlines(), dialect="excel-tab")) == [
        {"id": "a", "title": 'two lines "quoted"'}
    ]
    assert feed([]) == b""


def test_a_products_page_says_all_that_a_merchant_listing_asks_for(site: Path) -> None:
    for product in CATALOG.products:
        told = structured(site, f"/products/{product.id}/", "Product")
        assert told["brand"]["name"] == CATALOG.shop.name.zh
        for offer in told["offers"]:
            assert offer["availability"] == "https://schema.org/OutOfStock"  # all are samples
            assert offer["itemCondition"] == "https://schema.org/NewCondition"
            assert offer["priceValidUntil"] == str(expires(build_day({})))
            assert offer["hasMerchantReturnPolicy"]["applicableCountry"] == "CN"
            usual, *others = offer["shippingDetails"]
            assert usual["shippingRate"] == {"@type": "MonetaryAmount", "value": "0.00", "currency": "CNY"}
            assert "addressRegion" not in usual["shippingDestination"]
            assert "台湾" in [each for one in others for each in one["shippingDestination"]["addressRegion"]]
            assert all(one.get("doesNotShip") or one["shippingRate"]["value"] == "15.00" for one in others)
