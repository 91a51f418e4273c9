"""What a browser is told of the catalogue: enough to fill a cart and to name the postage, and no more."""

import msgspec
from chalicelib.catalog import Catalog, Text, Was, Zone
from storefront.build.data.packs import packs

from tests.site.helpers.pages import CATALOG


def with_first_product(catalog: Catalog, **change: object) -> Catalog:
    first, *others = catalog.products
    return msgspec.structs.replace(catalog, products=(msgspec.structs.replace(first, **change), *others))


def test_every_pack_is_told_by_its_sku_in_both_languages() -> None:
    told = packs(CATALOG)["packs"]
    assert told.keys() == CATALOG.packs.keys()
    for sku, pack in told.items():
        product = CATALOG.product_of[sku]
        assert pack["name"] == {
            "zh": f"{product.name.zh} {CATALOG.packs[sku].name.zh}",
            "en": f"{product.name.en} {CATALOG.packs[sku].name.en}",
        }
        assert pack["price"] == CATALOG.packs[sku].price
        assert (pack["product"], pack["returns"], pack["per_order"]) == (product.id, product.returns, product.per_order)
        assert pack["picture"] == product.pictures[0].src


def test_struck_out_prices_and_zones_are_told_as_numbers_and_names() -> None:
    first = CATALOG.products[0]
    dear = msgspec.structs.replace(first.packs[0], was=Was(9990, Text("原价", "earlier price")))
    zones = (Zone("西藏自治区", refused=True), Zone("海南省", postage=800))
    told = packs(with_first_product(CATALOG, packs=(dear, *first.packs[1:]), zones=zones))["packs"]
    assert told[dear.sku]["was"] == 9990
    assert told[dear.sku]["zones"] == [
        {"province": "西藏自治区", "postage": None, "refused": True},
        {"province": "海南省", "postage": 800, "refused": False},
    ]


def test_every_room_is_told_by_its_name_in_both_languages() -> None:
    assert packs(CATALOG)["rooms"] == {room.id: {"zh": room.name.zh, "en": room.name.en} for room in CATALOG.rooms}


def test_it_is_far_smaller_than_the_catalogue() -> None:
    assert len(msgspec.json.encode(packs(CATALOG))) < len(msgspec.json.encode(CATALOG)) / 3
