"""What is kept of a buyer, from their order: seen, taken along, put right, looked up at the desk, and forgotten."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import SIZES, Shopper
from tests.browser.helpers.staff_device import SLIP, enrolled
from tests.conftest import RunningShop


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone")])
def test_a_buyer_sees_takes_puts_right_and_has_forgotten_what_is_kept(
    visit: Visit, shop: RunningShop, lang: str, size: str
) -> None:
    shopper = visit(lang=lang, size=SIZES[size])
    shopper.go_to_checkout()
    shopper.place()
    shopper.pay()
    order = shopper.order()
    key = re.search(r"#[\w.-]+", shopper.page.url)
    assert key
    shopper.open(f"/after/{key[0]}")
    shopper.button("after_data.see").click()
    groups = shopper.part("data-groups")
    expect(groups).to_contain_text(shopper.name)
    expect(groups).to_contain_text(shopper.phone)
    expect(shopper.part("data-unproven")).to_be_visible()
    shopper.look_over()

    with shopper.page.expect_download() as saved:
        shopper.button("after_data.file").click()
    assert saved.value.suggested_filename == shopper.say("scripts.after_data.file_name", order=order["order"])
    told = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert {fact["what"]: fact["value"] for fact in told["kept"]}["name"] == shopper.name

    mail = shopper.part("data-email")
    mail.get_by_role("textbox").fill("nobody@")
    mail.get_by_role("button").click()
    expect(shopper.part("data-said")).to_have_text(shopper.say("scripts.after_data.wrong"))
    mail.get_by_role("textbox").fill("li@example.com")
    mail.get_by_role("button").click()
    expect(groups).to_contain_text("li@example.com")
    where = shopper.part("data-address")
    where.get_by_label(shopper.say("after_data.street")).fill("太王镇二组 3 号")
    where.get_by_role("button").click()
    expect(groups).to_contain_text("太王镇二组 3 号")

    looked_up(shopper, shop, order["order"])
    shopper.open(f"/after/{key[0]}")
    shopper.button("after_data.see").click()
    forget = shopper.part("data-forget")
    forget.click()
    expect(forget).to_have_text(shopper.say("scripts.after_data.sure"))
    forget.click(delay=SLIP)
    expect(shopper.part("data-state")).to_be_visible()
    expect(groups).not_to_contain_text("li@example.com")
    expect(forget).to_be_hidden()
    shopper.look_over()


def looked_up(shopper: Shopper, shop: RunningShop, order: str) -> None:
    """Has the manager look up whoever has the phone, once the stream's consumer knows it, and take their file."""
    enrolled(shopper, shop, "manager", "Keeper")
    shopper.open("/desk/people/")
    contact, found = shopper.page.locator("#person-contact"), shopper.part("person-orders").get_by_role("link")
    for _ in range(20):
        contact.fill(shopper.phone)
        with shopper.page.expect_response("**/api/staff/people"):
            shopper.button("desk_people.see").click()
        expect(shopper.part("person-count")).not_to_be_empty()
        if found.count():
            break
    expect(found).to_have_text([order])
    expect(found).to_have_attribute("href", f"/desk/orders/#{order}")
    shopper.look_over()
    with shopper.page.expect_download() as saved:
        shopper.button("desk_people.file").click()
    told = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert [one["order"] for one in told["orders"]] == [order]
    contact.fill("138")
    shopper.watch.expect("422")
    shopper.button("desk_people.see").click()
    expect(shopper.part("said")).to_have_text(shopper.say("scripts.desk_people.wrong"))
    expect(shopper.part("person-shown")).to_be_hidden()
