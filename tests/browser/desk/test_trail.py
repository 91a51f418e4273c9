"""Devices and trail on a manager's phone: a packer of one workshop is invited, and the desk tells who did that."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import PHONE
from tests.browser.helpers.staff_device import SLIP, enrolled
from tests.conftest import RunningShop

NUMBER = "12345678901234567890"


def test_a_manager_invites_a_packer_of_a_workshop_and_finds_who_did_what(visit: Visit, shop: RunningShop) -> None:
    visitor = visit("en", PHONE)
    page, part, say = visitor.page, visitor.part, visitor.say
    for refusal in ("404", "422"):
        visitor.watch.expect(refusal)
    enrolled(visitor, shop, "manager", "Trailblazer")
    page.locator(".desk-nav [data-desk=staff]").click()
    page.get_by_label(say("staff.role"), exact=True).select_option("packer")
    expect(part("rooms")).to_be_hidden()
    page.get_by_label(say("staff.name")).fill("Wang")
    part("every-goods").uncheck()
    visitor.button("staff.make").click()
    expect(part("said")).to_have_text(say("scripts.staff.no_goods"))
    page.locator("[name=goods][value=corn-noodles]").check()
    visitor.button("staff.make").click()
    waiting = part("invitations").locator("li", has_text="Wang")
    expect(waiting).to_contain_text("Corn noodles")
    revoke = waiting.get_by_role("button")
    revoke.click()
    revoke.click(delay=SLIP)
    expect(part("said")).to_have_text(say("scripts.staff.revoked"))
    visitor.look_over()
    refused = page.evaluate(
        """async (number) => (await fetch(`/api/staff/orders/${number}/refunds`, { method: "POST", headers:
        { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
        body: JSON.stringify({ amount: 500, reason: "call 13800138000" }) })).status""",
        NUMBER,
    )
    assert refused == 404
    part("desk").get_by_role("link").click()
    page.locator(".desk-nav [data-desk=trail]").click()
    rows = part("entries").locator(".trail-entry", has_text="Trailblazer")
    expect(rows).to_have_count(4)
    acts = (
        say("scripts.desk_trail.acts.refund"),
        *(say(f"scripts.desk_trail.acts.{act}") for act in ("revoke", "invite", "enrol")),
    )
    expect(rows.locator("[data-part=act]")).to_have_text([*acts])
    expect(rows.first).to_contain_text("¥5.00 · reason: call …")
    expect(rows.first.locator("[data-part=outcome]")).to_be_visible()
    expect(rows.first.get_by_role("link")).to_have_attribute("href", f"/en/desk/orders/#{NUMBER}")
    visitor.look_over()
    page.get_by_label(re.compile("^Order number")).fill("7890")
    visitor.button("desk_trail.go").click()
    expect(part("span")).to_have_text(say("scripts.desk_trail.of_all"))
    expect(part("entries").locator(".trail-entry")).to_have_count(1)
    page.get_by_label(re.compile("^Order number")).fill("78")
    visitor.button("desk_trail.go").click()
    expect(part("said")).not_to_be_empty()
