"""What a shopper has while there is no network: what was read, and the cart; never an old price without a word."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import GOODS, PHONE, PRODUCT, Shopper

languages = pytest.mark.parametrize("lang", ["zh", "en"])
STORY = "/stories/corn-to-noodle/"
KEPT = """async () => {
  const names = await caches.keys();
  const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return all.flat().map(({ url }) => url.replace(location.origin, ""));
}"""


def reader(visit: Visit, lang: str, *paths: str) -> Shopper:
    """A shopper who has read these pages with the worker at work, and has no network from now on."""
    shopper = visit(lang=lang, size=PHONE, kept=True)
    shopper.open("/")
    shopper.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for path in paths:
        shopper.open(path)
    return shopper


def cut(shopper: Shopper) -> None:
    shopper.watch.expect("net::ERR_")
    shopper.page.context.set_offline(True)


def kept(shopper: Shopper) -> list[str]:
    found: list[str] = shopper.page.evaluate(KEPT)
    return found


@languages
def test_a_page_that_was_read_is_there_and_says_since_when_it_was_kept(visit: Visit, lang: str) -> None:
    shopper = reader(visit, lang, PRODUCT)
    expect(shopper.part("outdated")).to_be_hidden()
    cut(shopper)
    shopper.page.reload()
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text(GOODS[lang])
    expect(shopper.part("outdated")).to_be_visible()
    expect(shopper.part("outdated-at")).to_have_text(re.compile(r"20\d\d.*\d\d:\d\d"))
    expect(shopper.part("stock").first).to_have_text(shopper.say("scripts.stock.away"))
    background = "getComputedStyle(document.querySelector('.buy [type=submit]')).backgroundColor"
    assert shopper.page.evaluate(background) == "rgb(176, 36, 27)", "its styles are there as well"
    shopper.look_over()
    shopper.page.context.set_offline(False)
    shopper.page.reload()
    expect(shopper.part("outdated")).to_be_hidden()


@languages
def test_a_page_that_was_never_read_says_so_and_leads_to_those_that_were(visit: Visit, lang: str) -> None:
    shopper = reader(visit, lang, PRODUCT)
    cut(shopper)
    shopper.open(STORY)
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text(shopper.say("without.title"))
    shopper.look_over()
    shopper.part("read").get_by_role("link", name=GOODS[lang], exact=True).click()
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text(GOODS[lang])


def test_the_cart_outlives_the_network_and_its_prices_say_that_they_are_old(visit: Visit) -> None:
    shopper = reader(visit, "zh", "/cart/", PRODUCT)
    shopper.button("product.add").click()
    expect(shopper.part("count")).to_have_text("1")
    cut(shopper)
    shopper.open("/cart/")
    shopper.page.reload()  # past the minute for which the browser takes a page for new
    expect(shopper.part("lines").locator("li")).to_have_count(1)
    expect(shopper.part("total")).to_have_text("¥29.90")
    expect(shopper.part("outdated")).to_be_visible()


def test_nothing_of_orders_the_api_or_who_works_here_is_kept_and_no_query(visit: Visit) -> None:
    shopper = reader(visit, "zh", PRODUCT, "/search/?q=%E4%BA%BA%E5%8F%82", "/pay/sandbox/", "/order/")
    paths = kept(shopper)
    assert PRODUCT in paths and "/search/" in paths
    assert [path for path in paths if re.match(r"/(api|q|staff|host|live|pay|admin)\b", path) or "?" in path] == []


def test_an_empty_cart_leads_back_to_the_goods_that_were_seen(visit: Visit) -> None:
    shopper = reader(visit, "zh", "/products/grapes/", PRODUCT)
    shopper.open("/cart/")
    seen = shopper.part("seen").get_by_role("link")
    expect(seen).to_have_count(2)
    shopper.look_over()
    seen.first.click()
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text(GOODS["zh"])  # the last one comes first
