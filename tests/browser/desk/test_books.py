"""The books in one visit: a sale is closed by the night, its buyer asks for an invoice, the desk issues it, and
everybody reads and recomputes what became of the day."""

import json

from chalicelib.domain.orders.model import State
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.packer import call_act, loaded
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE
from tests.browser.helpers.staff_device import SLIP, enrolled
from tests.conftest import RunningShop
from tests.stack.helpers import eventually

SKU = "spicy-cabbage-500g"
NUMBER = "26112000000012345678"


def night(shop: RunningShop) -> None:
    """Has the shop close the day that is over, as the clock does."""
    client = shop.stack.cloud.client("lambda")
    [name] = [one["FunctionName"] for one in client.list_functions()["Functions"] if "Nightly" in one["FunctionName"]]
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}, "resources": [], "id": "1"}
    told = {**event, "version": "0", "account": "1", "time": "2026-11-30T16:40:00Z", "region": "us-east-1"}
    answer = client.invoke(FunctionName=name, Payload=json.dumps(told))
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_money_is_told_to_the_desk_to_its_buyer_and_to_everybody(visit: Visit, shop: RunningShop, shelf: Shelf) -> None:
    placed = shelf.buy(SKU, 2)
    call_act(shop, placed["order"])
    assert eventually(lambda: loaded(shop, placed["order"], State.PAID), 15)

    buyer = visit(size=PHONE)
    buyer.watch.expect("422 (Unprocessable Entity)")
    buyer.page.goto(f"{shop.url}/after/#{placed['order']}.{placed['token']}")
    expect(buyer.part("money-parts").locator("div")).to_have_count(5)
    buyer.part("invoice-kind").select_option("company")
    buyer.part("invoice-title").fill("示例公司")
    buyer.part("invoice-tax").fill("912205820000000001")
    buyer.part("invoice-email").fill("li@example.com")
    buyer.part("invoice-send").click()
    expect(buyer.part("invoice-fault")).to_have_text(buyer.say("scripts.invoice.faults.tax_number"))
    buyer.part("invoice-tax").fill("22058212345678x")
    buyer.part("invoice-send").click()
    expect(buyer.part("invoice-said")).to_contain_text("示例公司")

    manager = visit(size=PHONE)
    enrolled(manager, shop, "manager", "王姐")
    manager.page.goto(f"{shop.url}/desk/books/")
    expect(manager.part("books-figures").locator("dd").first).not_to_have_text("¥0.00")
    with manager.page.expect_download() as file:
        manager.part("books-file").click()
    assert file.value.suggested_filename.endswith(".xlsx")
    row = manager.part("invoice-rows").locator("li", has_text=placed["order"][-6:])
    row.get_by_role("textbox").fill(NUMBER)
    issue = row.get_by_role("button")
    issue.click()
    expect(issue).to_have_text(manager.say("scripts.desk_books.issue_sure"))
    issue.click(delay=SLIP)
    expect(row).to_have_count(0)
    manager.look_over()
    buyer.page.reload()
    expect(buyer.part("invoice-said")).to_contain_text(NUMBER)
    expect(buyer.part("invoice-form")).to_be_hidden()
    buyer.look_over()

    night(shop)
    reader = visit(lang="en")
    reader.page.goto(f"{shop.url}/en/kept/")
    expect(reader.part("kept-checked")).to_contain_text("Your browser has just checked")
    expect(reader.part("kept-days").locator("li").first).to_contain_text("planned")
    reader.look_over()
    script = reader.page.request.get(f"{shop.url}/kept/check.py")
    assert script.ok and "def hash_of" in script.text()
