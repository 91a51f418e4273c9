"""A purchase from the shelf to the paid order, on both screens, in both languages, and by keyboard alone."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.shopper import DESKTOP, PHONE, PRODUCT, Shopper, Size

screens = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
languages = pytest.mark.parametrize("lang", ["zh", "en"])


@screens
@languages
def test_a_purchase_ends_as_a_paid_order_with_one_date_all_the_way(visit: Visit, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    days = [*from_shelf_to_cart(shopper), *from_cart_to_till(shopper)]
    shopper.pay()
    shopper.look_over()
    days.append(shopper.day_in("ship-by"))
    order = shopper.order()
    assert order["state"] == "paid"
    assert order["lines"][0].items() >= {"sku": "spicy-cabbage-1kg", "quantity": 2}.items()
    assert set(days) == {shopper.day(order["ship_by"])}
    expect(shopper.part("count")).to_be_hidden()


def from_shelf_to_cart(shopper: Shopper) -> list[str]:
    """Finds the product on the home page and puts two into the cart; the days that product and cart name."""
    shopper.open("/")
    shopper.look_over()
    shopper.goods().click()
    shopper.choose("spicy-cabbage-1kg", 2)
    product = shopper.day_in("stock")
    shopper.button("product.add").click()
    expect(shopper.part("count")).to_have_text("2")
    shopper.look_over()
    shopper.link("product.to_cart").click()
    cart = shopper.day_in("ship-by")
    shopper.look_over()
    return [product, cart]


def from_cart_to_till(shopper: Shopper) -> list[str]:
    """Checks out, up to the sandbox's page; the day that the checkout names above and beside its button."""
    shopper.link("cart_page.checkout").click()
    shopper.fill_form()
    days = [shopper.day_in("ship-by"), shopper.day_in("pay-day")]
    shopper.look_over()
    shopper.place()
    shopper.look_over()
    return days


def test_a_purchase_needs_nothing_but_a_keyboard(visit: Visit) -> None:
    shopper = visit()
    page, keyboard = shopper.page, shopper.page.keyboard
    shopper.open("/")
    keyboard.press("Tab")
    expect(shopper.link("skip")).to_be_focused()
    keyboard.press("Enter")
    reach(shopper.goods())
    keyboard.press("Enter")
    expect(shopper.button("product.now")).to_be_enabled()
    reach(page.get_by_role("radio", name="500 克"))
    keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="1 公斤")).to_be_checked()
    press(shopper.button("more"))
    press(shopper.button("product.now"))
    type_the_address(shopper)
    press(shopper.button("checkout.order"))
    shopper.expect_till()
    press(shopper.button("sandbox.pay"))
    shopper.expect_state("paid")
    assert shopper.order()["lines"][0].items() >= {"sku": "spicy-cabbage-1kg", "quantity": 2}.items()


def type_the_address(shopper: Shopper) -> None:
    expect(shopper.field("province")).to_be_enabled()
    for name, text in (("name", shopper.name), ("phone", "13800138000")):
        reach(shopper.field(name))
        shopper.page.keyboard.type(text)
    for level in ("province", "city", "district"):
        expect(shopper.field(level)).to_be_enabled()
        reach(shopper.field(level))
        shopper.page.keyboard.press("ArrowDown")
    reach(shopper.field("street"))
    shopper.page.keyboard.type("高台子村 12 号")


def press(target: Locator) -> None:
    """Goes to a button by keyboard and presses it."""
    reach(target)
    target.page.keyboard.press("Enter")


def reach(target: Locator) -> None:
    """Tabs forward until the element has the focus, and fails where it is not within 40 steps."""
    for _ in range(40):
        target.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def test_what_one_tab_puts_into_the_cart_shows_in_the_other(visit: Visit) -> None:
    shopper = visit()
    shopper.open("/")
    other = Shopper(shopper.page.context.new_page(), shopper.watch, shopper.origin, shopper.lang)
    other.open(PRODUCT)
    other.choose("spicy-cabbage-500g", 3)
    other.button("product.add").click()
    expect(shopper.part("count")).to_have_text("3")
