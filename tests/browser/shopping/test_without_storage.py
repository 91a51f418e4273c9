"""A browser that keeps nothing: it is said, and buying still works within the visit."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE, PRODUCT
from tests.browser.shopping.test_lost_answers import order_and_lose_the_answer

DENIED = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


def carried(page: Page) -> str:
    name: str = page.evaluate("window.name")
    return name


@pytest.mark.parametrize("fault", [DENIED, FULL], ids=["denied", "full"])
def test_without_storage_it_is_said_and_an_order_is_placed_paid_and_listed(
    visit: Visit, shelf: Shelf, fault: str
) -> None:
    shopper = visit(size=PHONE)
    shopper.page.add_init_script(fault)
    unkept = shopper.page.get_by_text(shopper.say("scripts.unkept.words"))
    shopper.open("/")
    expect(shopper.goods()).to_be_visible()
    expect(unkept).to_be_hidden()
    shopper.open(PRODUCT)
    shopper.choose("spicy-cabbage-500g", 2)
    shopper.part("add").click()
    expect(unkept).to_be_visible()
    shopper.open("/cart/")
    expect(unkept).to_be_visible()
    expect(shopper.part("total")).to_have_text("¥59.80")
    shopper.look_over()
    shopper.link("cart_page.checkout").click()
    shopper.fill_form()
    expect(shopper.part("remember")).to_be_hidden()
    shopper.day_in("ship-by")
    order_and_lose_the_answer(shopper)
    shopper.page.reload()
    shopper.fill_form()
    shopper.field("street").fill("高台子村 8 号")
    shopper.day_in("ship-by")
    shopper.part("order").click()
    expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.found"))
    shopper.part("refusal").get_by_role("link").click()
    shopper.pay()
    expect(shopper.part("offer")).to_be_hidden()
    assert shelf.orders_for(shopper.name) == 1
    shopper.open("/orders/")
    expect(shopper.part("list").get_by_role("listitem")).to_have_count(1)
    expect(shopper.part("denied")).to_be_visible()
    expect(shopper.part("none")).to_be_hidden()
    assert shopper.phone not in carried(shopper.page)


def test_what_the_tabs_name_carries_stays_behind_when_a_link_leads_to_another_site(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    shopper.page.add_init_script(DENIED)
    shopper.open(PRODUCT)
    shopper.part("add").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.unkept.words"))).to_be_visible()
    shopper.page.evaluate("""() => {
      const link = Object.assign(document.createElement("a"), {href: "https://pay.example/till", textContent: "away"});
      document.querySelector("h1").after(link);
      window.addEventListener("click", (event) => event.preventDefault(), true);
    }""")
    shopper.part("count").click()
    assert "cunbo.cart" in carried(shopper.page), "within the shop it goes along"
    shopper.page.get_by_text("away", exact=True).click()
    assert carried(shopper.page) == ""


def test_a_page_that_this_browser_keeps_things_for_reads_nothing_that_another_page_has_left(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    shopper.open("/")
    left = """[["cunbo.cart","[{\\"sku\\":\\"spicy-cabbage-500g\\",\\"quantity\\":9,\\"price\\":1}]"]]"""
    shopper.page.evaluate("left => { window.name = left }", left)
    shopper.open("/cart/")
    expect(shopper.part("empty")).to_be_visible()


def test_without_scripts_my_orders_do_not_say_that_there_are_none(visit: Visit) -> None:
    shopper = visit(javascript=False)
    shopper.open("/orders/")
    expect(shopper.page.get_by_role("heading", level=1)).to_be_visible()
    expect(shopper.page.get_by_text(shopper.say("orders.none"))).to_be_hidden()
