"""What the parcel costs by province, and who says so: the product before the shop, and the dearest line for all."""

import msgspec
import pytest
from chalicelib.catalog import Catalog, Zone
from chalicelib.domain.orders.postage import NotDelivered, quote
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.world import JAR, make_catalog

FAR, NEAR, ISLAND = "西藏自治区", "吉林省", "台湾省"
SHOP = (Zone(FAR, 1500), Zone(ISLAND, refused=True))
GRAPES = "grapes-2kg"


def make_shelf(*zones: Zone) -> Catalog:
    """The jar without zones of its own, and grapes with these."""
    shelf = make_catalog(postage=800, zones=SHOP, prices={JAR: 2990})
    grapes = msgspec.structs.replace(make_catalog(prices={GRAPES: 4900}).products[0], id="grapes", zones=zones)
    return msgspec.structs.replace(shelf, products=(*shelf.products, grapes))


@pytest.mark.parametrize(
    ("zones", "skus", "province", "postage"),
    [
        ((), [JAR], NEAR, 800),
        ((), [JAR], FAR, 1500),
        ((Zone(FAR, 3000),), [GRAPES], FAR, 3000),
        ((Zone(FAR, 0),), [GRAPES], FAR, 0),
        ((Zone(FAR, 3000),), [JAR, GRAPES], FAR, 3000),
        ((Zone(FAR, 0),), [JAR, GRAPES], FAR, 1500),
        ((Zone(ISLAND, 9000),), [GRAPES], ISLAND, 9000),
    ],
)
def test_one_parcel_costs_what_its_dearest_line_costs(
    zones: tuple[Zone, ...], skus: list[str], province: str, postage: int
) -> None:
    assert quote(make_shelf(*zones), skus, province) == postage


@pytest.mark.parametrize(
    ("zones", "skus", "province", "refused"),
    [
        ((), [JAR, GRAPES], ISLAND, (JAR, GRAPES)),
        ((Zone(FAR, refused=True),), [JAR, GRAPES], FAR, (GRAPES,)),
        ((Zone(ISLAND, 9000),), [JAR, GRAPES], ISLAND, (JAR,)),
    ],
)
def test_a_line_that_is_not_delivered_keeps_the_order_and_is_named(
    zones: tuple[Zone, ...], skus: list[str], province: str, refused: tuple[str, ...]
) -> None:
    with pytest.raises(NotDelivered) as refusal:
        quote(make_shelf(*zones), skus, province)
    assert refusal.value.skus == refused


@given(postages=st.lists(st.integers(0, 5000), min_size=1, max_size=4), usual=st.integers(0, 5000))
def test_adding_a_line_never_makes_the_parcel_cheaper(postages: list[int], usual: int) -> None:
    products = [
        msgspec.structs.replace(make_catalog(prices={f"sku-{index}": 100}).products[0], zones=(Zone(FAR, postage),))
        for index, postage in enumerate(postages)
    ]
    shelf = msgspec.structs.replace(make_catalog(postage=usual), products=tuple(products))
    skus = [f"sku-{index}" for index in range(len(postages))]
    costs = [quote(shelf, skus[: count + 1], FAR) for count in range(len(skus))]
    assert costs == sorted(costs)
    assert costs[-1] == max(postages)
