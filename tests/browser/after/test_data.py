"""What is kept of a buyer, from their order: seen, taken along, put right, and forgotten; one visit."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import SIZES
from tests.browser.helpers.staff_device import SLIP


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone")])
def test_a_buyer_sees_takes_puts_right_and_has_forgotten_what_is_kept(visit: Visit, lang: str, size: str) -> None:
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

    forget = shopper.part("data-forget")
    forget.click()
    expect(forget).to_have_text(shopper.say("scripts.after_data.sure"))
    forget.click(delay=SLIP)
    expect(shopper.part("data-state")).to_be_visible()
    expect(groups).not_to_contain_text("li@example.com")
    expect(forget).to_be_hidden()
    shopper.look_over()
