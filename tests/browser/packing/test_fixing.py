"""Where something went wrong: one order is found by its label, and each remedy is two taps."""

from chalicelib.domain.orders.model import State
from chalicelib.domain.orders.parcels import ParcelState
from playwright.sync_api import Locator, expect

from tests.browser.helpers.packer import Hire, Packer, Sell, loaded, parcels
from tests.browser.helpers.staff_device import SLIP
from tests.conftest import RunningShop


def twice(packer: Packer, button: Locator) -> None:
    """Taps once to be asked, and once for yes."""
    button.click()
    expect(packer.page.locator("[data-asking]")).to_have_text(packer.say("scripts.packing.sure"))
    packer.page.locator("[data-asking]").click(delay=SLIP)


def test_two_taps_unpack_bring_back_and_send_again(hire: Hire, sell: Sell, shop: RunningShop) -> None:
    order = sell()
    packer = hire()
    packer.scan(order)
    packer.saw("good")
    packer.open("door")
    packer.part("carrier").select_option("zto")
    packer.scan(order)
    expect(packer.part("next-scan")).to_have_text(packer.say("scripts.packing.next.number_or"))
    packer.open("fixing")
    rows = packer.part("fixing-rows")
    packer.scan(order)
    for verb, state in [("return", ParcelState.RETURNED), ("resend", ParcelState.RESENT)]:
        twice(packer, rows.get_by_role("button", name=packer.say(f"scripts.fixing.acts.{verb}")))
        expect(rows).to_contain_text(packer.say(f"scripts.fixing.states.{state}"))
    expect(rows).to_contain_text("小王")
    assert parcels(shop, order) == [ParcelState.RESENT]
    expect(rows.get_by_role("button")).to_have_count(1)  # money and addresses are a manager's
    expect(packer.part("fixing-address")).to_be_hidden()
    packer.open("bench")
    after = loaded(shop, order.number)
    assert after and after.revision == 2
    packer.scan(after)
    packer.saw("good")
    packer.open("fixing")
    packer.shoot(order.number)
    twice(packer, rows.get_by_role("button", name=packer.say("scripts.fixing.acts.unpack")))
    expect(rows.get_by_role("button", name=packer.say("scripts.fixing.acts.unpack"))).to_have_count(0)
    assert parcels(shop, order) == [ParcelState.RESENT, ParcelState.UNPACKED]


def test_a_manager_pays_back_what_is_missing_and_sends_an_order_elsewhere(
    hire: Hire, sell: Sell, shop: RunningShop
) -> None:
    order = sell(3)
    manager = hire("王姐", "manager", lang="en")
    manager.open("fixing")
    manager.shoot(order.number[-6:])
    rows = manager.part("fixing-rows")
    twice(manager, rows.get_by_role("button", name=manager.say("scripts.fixing.short", units="1 jar")))
    expect(manager.part("said")).to_have_text(manager.say("scripts.fixing.short_done"))
    after = loaded(shop, order.number)
    assert after and [refund.amount for refund in after.refunds] == [order.lines[0].unit_price]
    manager.part("fixing-address").locator("summary").click()
    fields = {"name": "李四", "phone": "139", "region": "吉林省 通化市 集安市", "street": "建国路 1 号"}
    manager.visitor.watch.expect("422 (Unprocessable Entity)")
    for field, text in fields.items():
        manager.part(f"to-{field}").fill(text)
    manager.part("fixing-send").click()
    expect(manager.part("said")).to_have_text(manager.say("scripts.fixing.wrong", field="Phone"))
    manager.part("to-phone").fill("13900139000")
    manager.part("to-street").press("Enter")  # it is no scan: the form is sent
    expect(manager.part("said")).to_have_text(manager.say("scripts.fixing.address_done"))
    after = loaded(shop, order.number, State.PAID)
    assert after and (after.ship_to.name, after.ship_to.street) == ("李四", "建国路 1 号")
    manager.visitor.look_over()
