"""An order that is to go elsewhere: while nothing of it is packed, and for no more postage than was paid."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from chalicelib.catalog import Zone
from chalicelib.domain.actor import device
from chalicelib.domain.commands import BearNumber, ChangeAddress, PackLine, PackParcel
from chalicelib.domain.errors import CannotPack, Dearer, NotFound, PackFault, Refused
from chalicelib.domain.orders.model import Address, Order
from chalicelib.services.order_changes import cancel_by_seller
from chalicelib.services.packing.addresses import change_address
from chalicelib.services.packing.bench import Bench

from tests.functions.helpers.world import JAR, World, day, make_key

MakeWorld = Callable[..., World]
CHEN = device("0badcafe")
HOME = Address("李四", "+8613900139000", ("吉林省", "通化市", "集安市"), "太王镇二组 5 号")
BEIJING = msgspec.structs.replace(HOME, region=("北京市", "北京市", "朝阳区"))
ZONES = [Zone("新疆维吾尔自治区", postage=2000), Zone("西藏自治区", refused=True), Zone("北京市", postage=0)]


class Village:
    """A shop whose postage is CNY 6, with zones that are dearer, cheaper and not delivered to."""

    def __init__(self, world: World) -> None:
        self.world, self.bench = world, Bench(world.services.stage, world.store)

    def paid(self, n: int = 0, **fields: Any) -> str:
        order = self.world.place(n, **fields)
        self.world.pay(order)
        return str(order["order"])

    def move(self, number: str, to: Address) -> Order:
        return change_address(self.world.shop.stage, self.world.store, number, ChangeAddress(to), CHEN)


@pytest.fixture
def village(make_world: MakeWorld) -> Village:
    return Village(make_world({day(2): 9}, postage=600, zones=ZONES))


def to(province: str) -> Address:
    return msgspec.structs.replace(HOME, region=(province, province))


def test_it_goes_elsewhere_by_a_new_label_and_stands_with_others_for_that_door(village: Village) -> None:
    number, other = village.paid(1), village.paid(2)
    village.bench.wave([number], "W1", CHEN)
    order = village.move(number, BEIJING)
    assert (order.ship_to, order.revision, order.postage) == (BEIJING, 2, 600)
    village.move(other, BEIJING)
    doors = {entry.recipient for entry in village.bench.board()}
    assert len(doors) == 1
    assert village.world.differences() == []


def test_the_same_address_again_changes_nothing(village: Village) -> None:
    number = village.paid()
    assert village.move(number, HOME).version == village.move(number, HOME).version


def test_where_it_is_not_delivered_nothing_changes(village: Village) -> None:
    number = village.paid()
    with pytest.raises(Refused) as refused:
        village.move(number, to("西藏自治区"))
    assert [(fault.pointer, fault.sku) for fault in refused.value.faults] == [("/ship_to/region/0", JAR)]
    assert village.world.shop.orders.load(number).revision == 1


def test_where_postage_is_dearer_nothing_changes_and_the_amount_is_told(village: Village) -> None:
    number = village.paid()
    with pytest.raises(Dearer) as refused:
        village.move(number, to("新疆维吾尔自治区"))
    assert (refused.value.postage, refused.value.reason) == (2000, "dearer")


def test_within_a_province_no_postage_is_asked_though_it_has_risen(village: Village, make_world: MakeWorld) -> None:
    number, catalog = village.paid(), village.world.shop.catalog
    dearer = msgspec.structs.replace(catalog, shop=msgspec.structs.replace(catalog.shop, postage=9000))
    village.world.shop = village.world.process(dearer)
    assert village.move(number, HOME).ship_to == HOME
    with pytest.raises(Dearer):
        village.move(number, to("辽宁省"))


def test_goods_that_left_the_shop_go_as_its_others_do(village: Village) -> None:
    number, catalog = village.paid(), village.world.shop.catalog
    village.world.shop = village.world.process(msgspec.structs.replace(catalog, products=()))
    assert village.move(number, BEIJING).ship_to == BEIJING
    with pytest.raises(Refused):
        village.move(number, to("西藏自治区"))


def test_once_something_is_packed_or_over_it_goes_where_it_went(village: Village) -> None:
    packed, part, gone, unpaid = village.paid(1), village.paid(2, quantity=2), village.paid(3), village.world.place(4)
    village.bench.pack(packed, PackParcel(1), make_key(1), CHEN)
    village.bench.pack(part, PackParcel(1, (PackLine(JAR, 1),)), make_key(2), CHEN)
    cancel_by_seller(village.world.store, village.world.shop.clock, gone)
    why = {packed: PackFault.PACKED, part: PackFault.PACKED, gone: PackFault.CANCELLED}
    why[str(unpaid["order"])] = PackFault.UNPAID
    for number, reason in why.items():
        with pytest.raises(CannotPack) as refused:
            village.move(number, HOME)
        assert refused.value.reason is reason
    village.bench.hand_over(f"{part}-1", BearNumber("sf"), CHEN)
    with pytest.raises(CannotPack) as refused:
        village.move(part, HOME)
    assert refused.value.reason is PackFault.SHIPPED
    village.bench.unpack(f"{packed}-1", CHEN)
    assert village.move(packed, HOME).ship_to == HOME
    with pytest.raises(NotFound):
        village.move("9" * 20, HOME)


def test_a_packer_who_is_quicker_keeps_the_address(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    number, commit, others = village.paid(), village.world.store.commit, []

    def first_somebody_packs(transaction: Any) -> Any:
        if not others:
            others.append(1)
            village.bench.pack(number, PackParcel(1), make_key(1), CHEN)
        return commit(transaction)

    monkeypatch.setattr(village.world.store, "commit", first_somebody_packs)
    with pytest.raises(CannotPack):
        village.move(number, HOME)
    assert village.world.shop.orders.load(number).ship_to != HOME


def test_the_link_is_found_by_the_phone_that_it_now_goes_to(village: Village) -> None:
    number = village.paid(email="li@example.com")
    village.move(number, HOME)
    found = village.world.keys.pseudonyms("find", HOME.number)[0]
    assert village.world.store.orders.find(found, phone=True) == [number]
