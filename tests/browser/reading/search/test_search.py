"""Search, in the browser that a shopper has: what finds what, and what it costs."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import PHONE, Shopper
from tests.site.helpers.pages import CATALOG, SHELVES

ROOT = Path(__file__).resolve().parents[4]
HERE = ROOT / "tests/browser/reading/search"
QUERIES: dict[str, dict[str, dict[str, list[str]]]] = {
    name: yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8")) for name in ("queries", "more-queries")
}
MODULES = {name: (ROOT / f"site/assets/js/pages/reading/{name}.js").read_text() for name in ("rank", "slips")}
TITLES = {
    lang: {
        f"/{shelf}/{record.id}/": getattr(record.name if hasattr(record, "name") else record.title, lang)
        for shelf in SHELVES
        for record in getattr(CATALOG, shelf)
        if not getattr(record, "for_hosts", False)
    }
    for lang in ("zh", "en")
}
languages = pytest.mark.parametrize("lang", ["zh", "en"])
Find = Callable[[list[str]], dict[str, list[str]]]


def answer(text: str, route: Route) -> None:
    """Answers with a module. A route's handler with a second parameter, of whatever default, is given the request."""
    route.fulfill(body=text, content_type="text/javascript")


def finder(shopper: Shopper, lang: str) -> Find:
    """Ranks many queries at once by the shop's own module, on the file that the shop publishes."""
    for name, text in MODULES.items():
        shopper.page.route(f"**/assets/under-test/{name}.js", partial(answer, text))
    shopper.open("/pages/contact/")
    base = "/" if lang == "zh" else "/en/"

    def find(queries: list[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = shopper.page.evaluate(
            """async ([file, queries]) => {
              const { rank, readied } = await import("/assets/under-test/rank.js");
              const entries = readied(await (await fetch(file)).json());
              return Object.fromEntries(queries.map((query) => [query, rank(entries, query).map(({ path }) => path)]));
            }""",
            [f"{base}search.json", queries],
        )
        return {query: [path.removeprefix(base.rstrip("/")) for path in paths] for query, paths in found.items()}

    return find


def pieces(titles: dict[str, str]) -> dict[str, str]:
    """Every piece of 2 to 4 characters that stands in one title alone, and that page."""
    holders: dict[str, set[str]] = defaultdict(set)
    for path, title in titles.items():
        for run in re.findall(r"[\u4e00-\u9fff]+", title):
            for size in (2, 3, 4):
                for at in range(len(run) - size + 1):
                    holders[run[at : at + size]].add(path)
    return {piece: next(iter(paths)) for piece, paths in holders.items() if len(paths) == 1}


def test_every_piece_of_a_title_that_is_unique_to_it_finds_its_page_among_the_first_three(visit: Visit) -> None:
    wanted = pieces(TITLES["zh"])
    assert len(wanted) > 100
    found = finder(visit(), "zh")(list(wanted))
    assert {piece: found[piece][:3] for piece, path in wanted.items() if path not in found[piece][:3]} == {}


@languages
def test_every_query_of_shoppers_finds_a_right_page_among_the_first_three(visit: Visit, lang: str) -> None:
    assert {name: sum(map(len, one.values())) for name, one in QUERIES.items()} == {"queries": 40, "more-queries": 60}
    wanted = [(str(query), right) for one in QUERIES.values() for query, right in one[lang].items()]
    found = finder(visit(lang=lang), lang)([query for query, _ in wanted])
    wrong = {query: found[query][:3] for query, right in wanted if not set(found[query][:3]) & {*right}}
    assert wrong == {}


LEADS = {
    "zh": {
        "什么时候发货": "/pages/delivery/",
        "退款": "/pages/returns/",
        "labc": "/products/spicy-cabbage/",
        "la bai cia": "/products/spicy-cabbage/",
        "拉白菜": "/products/spicy-cabbage/",
        "putaoo": "/products/grapes/",
    },
    "en": {
        "labaicai": "/products/spicy-cabbage/",
        "Kimchee!": "/products/spicy-cabbage/",
        "mushrom": "/products/black-fungus/",
        "refnd": "/pages/returns/",
        "shiping": "/pages/delivery/",
        "Can I pay with Alipay?": "/pages/delivery/",
    },
}


@languages
def test_the_best_page_leads_for_what_is_asked_shortened_or_mistyped(visit: Visit, lang: str) -> None:
    found = finder(visit(lang=lang), lang)(list(LEADS[lang]))
    assert {typed: paths[0] for typed, paths in found.items()} == LEADS[lang]


def test_the_example_in_the_box_leads_right(visit: Visit) -> None:
    for lang, wanted in {"zh": "/products/spicy-cabbage/", "en": "/products/spicy-cabbage/"}.items():
        shopper = visit(lang=lang)
        examples = re.split("、|, ", shopper.say("search.example"))
        found = finder(shopper, lang)(examples)
        leads = [found[example][0] for example in examples]
        assert (leads[0], leads[1].endswith("-ginseng/"), leads[2]) == (wanted, True, "/pages/delivery/")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("　辣白菜　", "/products/spicy-cabbage/"),
        ("辣 白 菜", "/products/spicy-cabbage/"),
        ("ＯＢＳ", None),
        ("菜" * 10_000, None),
        ("<script>alert(1)</script>", None),
        ("！？。…", None),
        ("🥬", None),
        ("", None),
    ],
)
def test_odd_things_that_are_typed_find_what_they_mean_or_nothing(visit: Visit, typed: str, first: str | None) -> None:
    found = finder(visit(), "zh")([typed])[typed]
    assert first is None or found[0] == first


@contextmanager
def listening(page: Page) -> Iterator[list[str]]:
    """The paths that the page asks for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("//")[2].partition("/")[2]))
    yield asked


@languages
def test_a_shopper_finds_what_is_meant_while_typing_and_comes_back_to_it(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    with listening(shopper.page) as asked:
        shopper.open("/")
        assert not [path for path in asked if "search" in path], "it costs nothing until it is opened"
        shopper.page.get_by_role("link", name=shopper.say("nav.search")).click()
        expect(shopper.part("query")).to_be_focused()
        shopper.look_over()
        shopper.page.keyboard.type(next(iter(QUERIES["queries"][lang])))
        link = shopper.part("results").get_by_role("link").first
        expect(link).to_have_text({"zh": "辣白菜", "en": "Spicy cabbage"}[lang])
        assert sum(path.endswith("search.json") for path in asked) == 1
    expect(shopper.part("results").locator("mark").first).to_be_visible()
    expect(shopper.part("results").locator("li").first).to_contain_text("¥29.90")
    ships_by = re.compile({"zh": r"最晚 .+发出", "en": r"Ships by \d+"}[lang])
    expect(shopper.part("results").locator("li").first.locator("[data-part=stock]")).to_have_text(ships_by)
    _home, _instead, *later = [path for path in asked if "availability" in path]  # both pages have a shelf of their own
    skus = re.findall("sku=([^&]+)", "&".join(later))
    assert len(skus) == len(set(skus)), "no goods are asked for twice while somebody types"
    shopper.look_over()
    link.press("Enter")
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text({"zh": "辣白菜", "en": "Spicy cabbage"}[lang])
    shopper.page.go_back()
    expect(shopper.part("query")).to_have_value(next(iter(QUERIES["queries"][lang])))
    expect(shopper.part("results").locator("li").first).to_be_visible()


def test_what_is_not_there_is_said_with_goods_beside_it_and_so_is_a_network_that_is_away(visit: Visit) -> None:
    shopper = visit()
    shopper.open("/search/?q=%E8%87%AA%E8%A1%8C%E8%BD%A6")
    expect(shopper.part("tally")).to_contain_text("没有找到“自行车”")
    expect(shopper.part("goods").locator(".stock").first).to_contain_text("发出")
    shopper.watch.expect("net::ERR_FAILED")
    shopper.page.route("**/search.json", lambda route: route.abort())
    shopper.open("/search/?q=%E4%BA%BA%E5%8F%82")
    expect(shopper.part("away")).to_be_visible()
    shopper.page.unroute("**/search.json")
    shopper.part("away-again").click()
    expect(shopper.part("results").locator("li").first).to_contain_text("人参")
    expect(shopper.part("away")).to_be_hidden()


def test_characters_that_sound_alike_find_what_was_meant(visit: Visit) -> None:
    shopper = visit()
    with listening(shopper.page) as asked:
        for typed, meant in {"木尔": "黑木耳", "人生": "鲜人参", "蒲陶": "山地葡萄"}.items():
            shopper.open(f"/search/?q={typed}")
            expect(shopper.part("results").get_by_role("link").first).to_have_text(meant)
            expect(shopper.part("tally")).to_have_text(re.compile("找到"))
        shopper.open("/search/?q=辣白菜")
        expect(shopper.part("results").locator("li").first).to_be_visible()
    assert sum(path.endswith("sounds.json") for path in asked) == 3, "nobody fetches it whose query finds something"


def test_letters_that_are_still_being_put_together_are_not_looked_for(visit: Visit) -> None:
    shopper = visit()
    shopper.open("/search/")
    field = shopper.part("query")
    field.dispatch_event("compositionstart")
    field.fill("renshen")
    expect(shopper.part("tally")).to_be_empty()
    field.fill("人参")
    field.dispatch_event("compositionend")
    expect(shopper.part("results").locator("li").first).to_contain_text("人参")
