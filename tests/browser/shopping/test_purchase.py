"""A purchase from story and shelf to the paid order, and back to it later: on every screen, and by keyboard alone."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.letters import letter_about
from tests.browser.helpers.shopper import PRODUCT, SIZES, Shopper, Size, press, reach
from tests.conftest import RunningShop

STORY = "/stories/digging-ginseng/"
NOODLES = "/products/corn-noodles/"
languages = pytest.mark.parametrize("lang", ["zh", "en"])
visitors = pytest.mark.parametrize(
    ("lang", "size"), [("zh", SIZES["phone"]), ("en", SIZES["tablet"]), ("zh", SIZES["desktop"])], ids=[*SIZES]
)


@pytest.mark.parametrize(("lang", "size"), [("zh", SIZES["phone"]), ("en", SIZES["desktop"])], ids=["zh", "en"])
def test_from_a_story_to_the_order_and_back_to_it_next_week(
    visit: Visit, shop: RunningShop, lang: str, size: Size
) -> None:
    shopper = visit(lang=lang, size=size)
    shopper.open(STORY)
    expect(shopper.page.get_by_role("article")).to_be_visible()
    fill_the_cart(shopper)
    day = paste_and_order(shopper)
    shopper.pay()
    assert shopper.day_in("ship-by") == day
    order = shopper.order()
    assert sorted(line["quantity"] for line in order["lines"]) == [1, 2]
    assert shopper.day(order["ship_by"]) == day
    assert f"/order/#{order['order']}.{order['token']}" in letter_about(shop.mail, order["order"])
    find_it_again(shopper, order["order"])


def fill_the_cart(shopper: Shopper) -> None:
    """From wherever: noodles, and two jars of cabbage."""
    for product, units, count in ((NOODLES, 1, "1"), (PRODUCT, 2, "3")):
        shopper.page.locator("header a.brand").click()
        follow(shopper, product)
        expect(shopper.button("product.add")).to_be_enabled()
        for _ in range(units - 1):
            shopper.button("more").click()
        shopper.button("product.add").click()
        expect(shopper.part("count")).to_have_text(count)
    shopper.link("product.to_cart").click()
    shopper.link("cart_page.checkout").click()


def follow(shopper: Shopper, path: str) -> None:
    """Takes the first link of the page's main part to `path`."""
    shopper.page.get_by_role("main").locator(f'a[href$="{path}"]').first.click()


def paste_and_order(shopper: Shopper) -> str:
    """Has the checkout read a pasted address, agrees to what it shows, and orders; the day that it ships by."""
    expect(shopper.field("province")).to_be_enabled()
    expect(shopper.field("paste")).to_be_in_viewport(ratio=1)
    expect(shopper.part("lines")).to_be_in_viewport(ratio=1)
    name = f"李秀{shopper.number % 10000:04}".translate(str.maketrans("0123456789", "英兰芳华梅珍玉凤霞春"))[:3]
    shopper.paste(f"{name}，{shopper.phone}，吉林省通化市集安市团结街道鸭江路{shopper.number}号")
    expect(shopper.field("name")).to_have_value(name)
    expect(shopper.field("phone")).to_have_value(shopper.phone)
    expect(shopper.field("district")).to_have_value("集安市")
    expect(shopper.field("street")).to_have_value(f"团结街道鸭江路{shopper.number}号")
    shopper.page.locator("#email").fill(f"buyer-{shopper.number}@example.com")
    expect(shopper.part("postage")).to_have_text(shopper.say("free"))
    days = {shopper.day_in("ship-by"), shopper.day_in("pay-day")}
    shopper.place()
    assert len(days) == 1
    return days.pop()


def find_it_again(shopper: Shopper, number: str) -> None:
    """In a new tab, without the link: the order stands in the list of this device, and opens."""
    later = Shopper(shopper.page.context.new_page(), shopper.watch, shopper.origin, shopper.lang)
    later.open("/cart/")
    later.page.get_by_role("main").get_by_role("link", name=later.say("orders.title")).click()
    row = later.part("list").get_by_role("listitem")
    expect(row.locator('[data-part="state"]')).to_have_text(later.say("scripts.states.paid"))
    expect(row).to_contain_text({"zh": "辣白菜", "en": "Spicy cabbage"}[later.lang])
    later.look_over()
    row.get_by_role("link").click()
    later.expect_state("paid")
    expect(later.part("number")).to_have_text(number)


@visitors
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
    shopper.page.get_by_role("main").get_by_role("link", name=shopper.say("orders.title")).click()
    expect(shopper.part("date")).to_have_text(shopper.say("scripts.common.ships_by", day=days[0]))
    shopper.look_over()


def from_shelf_to_cart(shopper: Shopper) -> list[str]:
    """Finds the product on the home page and puts two into the cart; the days that product and cart name."""
    shopper.open("/")
    follow(shopper, PRODUCT)
    shopper.choose("spicy-cabbage-1kg", 2)
    product = shopper.day_in("stock")
    shopper.button("product.add").click()
    expect(shopper.part("count")).to_have_text("2")
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


@visitors
def test_buying_pages_with_nothing_to_show_say_so(visit: Visit, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    for path, shown in (("/cart/", "empty"), ("/checkout/", "empty"), ("/orders/", "none"), ("/order/", "none")):
        shopper.open(path)
        expect(shopper.part(shown)).to_be_visible()
        shopper.look_over()
    shopper.open("/pay/sandbox/")
    expect(shopper.page.get_by_text(shopper.say("sandbox.wrong"))).to_be_visible()
    shopper.look_over()


def finder(shopper: Shopper) -> Locator:
    """The field for what finds an order."""
    return shopper.page.get_by_label(shopper.say("orders.find_by"), exact=True)


@pytest.mark.parametrize(("lang", "size"), [("zh", SIZES["phone"]), ("en", SIZES["tablet"])], ids=["zh", "en"])
def test_a_lost_link_is_asked_for_and_the_answer_tells_nothing(visit: Visit, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    shopper.watch.expect("429")
    shopper.open("/orders/")
    shopper.button("orders.find").click()
    for typed, kind in (("", "contact"), ("1380013", "phone"), ("wang@example", "email")):
        finder(shopper).fill(typed)
        shopper.button("orders.find").click()
        expect(shopper.page.get_by_text(shopper.say(f"scripts.orders.fault_{kind}"))).to_be_visible()
        expect(finder(shopper)).to_be_focused()
    shopper.look_over()
    finder(shopper).fill(f"（＋８６）{shopper.phone}。")  # as a Chinese keyboard writes it
    for _ in range(3):
        shopper.button("orders.find").click()
        expect(shopper.part("answer")).to_have_text(shopper.say("scripts.orders.sent"))
        expect(shopper.part("not-there")).to_be_visible()
    shopper.button("orders.find").click()
    often = shopper.say("scripts.orders.too_often", minutes="|").split("|")
    for part in often:
        expect(shopper.part("answer")).to_contain_text(part)
    expect(shopper.part("not-there")).to_be_hidden()
    shopper.look_over()


def test_an_order_without_an_e_mail_address_comes_back_by_a_text_message(visit: Visit, shop: RunningShop) -> None:
    shopper = visit(size=SIZES["phone"])
    shopper.go_to_checkout()
    shopper.place()
    shopper.pay()
    number = shopper.order()["order"]
    other = visit(size=SIZES["phone"])
    other.open("/orders/")
    expect(other.part("none")).to_be_visible()
    finder(other).fill(shopper.phone)
    other.button("orders.find").click()
    expect(other.part("answer")).to_have_text(other.say("scripts.orders.sent"))
    message = letter_about(shop.mail, f"+86{shopper.phone}", f"{number}-link-sms@")
    other.page.goto(message.split()[-1])
    other.expect_state("paid")
    expect(other.part("number")).to_have_text(number)
    page = (shop.mail / "index.html").read_text()
    assert message.split()[-1] in page, "the mailbox on this machine shows it beside the letters"


def test_an_order_opens_by_its_pasted_link_and_can_be_forgotten_on_this_device(visit: Visit) -> None:
    shopper = visit(size=SIZES["phone"])
    shopper.go_to_checkout()
    shopper.place()
    shopper.link("sandbox.back").click()
    shopper.expect_state("awaiting_payment")
    link = shopper.page.url
    shopper.open("/orders/")
    row = shopper.part("list").get_by_role("listitem")
    row.locator('[data-part="forget"]').click()
    shopper.look_over()
    shopper.button("orders.forget_keep").click()
    row.locator('[data-part="forget"]').click()
    shopper.button("orders.forget_really").click()
    expect(row).to_have_count(0)
    expect(shopper.part("none")).to_be_visible()
    field = shopper.page.get_by_label(shopper.say("orders.link"), exact=True)
    field.fill("https://shop.example.com/order/")
    shopper.button("orders.open").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.orders.fault_link"))).to_be_visible()
    field.fill(link)
    shopper.button("orders.open").click()
    shopper.expect_state("awaiting_payment")


def test_a_purchase_needs_nothing_but_a_keyboard(visit: Visit) -> None:
    shopper = visit()
    page, keyboard = shopper.page, shopper.page.keyboard
    shopper.open("/")
    keyboard.press("Tab")
    expect(shopper.link("skip")).to_be_focused()
    keyboard.press("Enter")
    reach(page.get_by_role("main").locator(f'a[href$="{PRODUCT}"]').first)
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
    order = shopper.order()
    assert order["lines"][0].items() >= {"sku": "spicy-cabbage-1kg", "quantity": 2}.items()
    press(shopper.button("order.cancel"))
    press(shopper.button("order.really"))
    shopper.expect_state("refunded")


def type_the_address(shopper: Shopper) -> None:
    """Types a whole address into the box, has it read, and then corrects one select and one field."""
    keyboard = shopper.page.keyboard
    expect(shopper.field("province")).to_be_enabled()
    reach(shopper.field("paste"))
    keyboard.type(f"李秀英 {shopper.phone} 吉林通化集安团结街道{shopper.number}号")
    press(shopper.button("checkout.paste_read"))
    expect(shopper.field("district")).to_have_value("集安市")
    reach(shopper.field("district"))
    keyboard.press("ArrowUp")
    expect(shopper.field("district")).not_to_have_value("集安市")
    reach(shopper.field("street"))
    keyboard.press("End")
    keyboard.type("二楼")
    expect(shopper.field("street")).to_have_value(f"团结街道{shopper.number}号二楼")


def test_what_one_tab_puts_into_the_cart_shows_in_the_other(visit: Visit) -> None:
    shopper = visit()
    shopper.open("/")
    other = Shopper(shopper.page.context.new_page(), shopper.watch, shopper.origin, shopper.lang)
    other.open(PRODUCT)
    other.choose("spicy-cabbage-500g", 3)
    other.button("product.add").click()
    expect(shopper.part("count")).to_have_text("3")
