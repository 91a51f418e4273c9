"""What the console works out by itself: what the voice says, when a drop opens, how goods are found, why not."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route
from storefront.read import messages

from tests.browser.conftest import Visit
from tests.site.helpers.built import REPO

SCRIPTS = REPO / "site/assets/js"
Run = Callable[..., Any]
SHOWING = {
    "sku": "jar", "product": "jar", "name": {"zh": "辣白菜", "en": "Jar"}, "since": "2026-11-26T12:00:00Z",
    "price": 2990, "left": 60, "ship_by": "2026-12-01", "drop": None, "unit": {"zh": "坛", "en": "jar/jars"},
}  # fmt: skip
STOCK = {"pot": {"name": {"zh": "面条", "en": "Noodles"}}}
WORDING = [{"avoid": "养胃", "say": "下饭"}]


def told(next_: str | None = None, **changes: Any) -> dict[str, Any]:
    """A room as its console is told of it, with these changes of what is pinned."""
    return {"now": "2026-11-26T12:10:00.000Z", "showing": SHOWING | changes, "stock": STOCK, "next": next_}


@pytest.fixture
def run(visit: Visit) -> Run:
    """Calls what a module of the console exports, in a browser, without its page and without a sound."""
    shopper = visit()
    words = messages.modules("zh")

    def module(route: Route) -> None:
        path = route.request.url.partition("/under-test/")[2]
        code = words.get(path) or (SCRIPTS / path).read_text(encoding="utf-8")
        route.fulfill(body=code, content_type="text/javascript")

    shopper.page.route("**/assets/under-test/**", module)
    shopper.open("/pages/contact/")

    def call(name: str, function: str, argument: Any) -> Any:
        script = f"""async (argument) => {{
          const module = await import("/assets/under-test/pages/staff/{name}");
          return ({function})(module, argument);
        }}"""
        return shopper.page.evaluate(script, argument)

    return call


def spoken(run: Run, *news: dict[str, Any], wording: Any = ()) -> list[list[str]]:
    """What is said of each of the news, one after the other."""
    function = """({ linesOf }, { news, wording }) => {
      const said = new Set();
      return news.map((now, place) => linesOf(place ? news[place - 1] : null, now, wording, said));
    }"""
    return list(run("voice-lines.js", function, {"news": news, "wording": list(wording)}))


def test_the_voice_says_each_fact_once_and_of_a_rush_the_last_alone(run: Run) -> None:
    other = told(sku="pot", since="2026-11-26T12:30:00Z", left=9)
    pinned = told("pot", since="2026-11-26T12:01:00Z")
    lines = spoken(run, told(sku="pot"), pinned, pinned, wording=WORDING)
    assert lines == [[], ["现在讲 辣白菜", "别说“养胃”，说“下饭”", "下一个是 面条"], []], (
        "what was there at first is no news"
    )
    counts = [60, 51, 49, 49, 30, 4, 21, 4, 0]
    lines = spoken(run, *(told(left=left) for left in counts))
    assert lines == [[], [], ["还剩 49 坛"], [], [], ["还剩 4 坛"], [], [], ["卖完了"]]
    lines = spoken(run, told(), told(ship_by="2026-12-02"), told(), told(ship_by="2026-12-02"))
    assert [len(each) for each in lines] == [0, 1, 1, 0]
    assert "12 月 2 日" in lines[1][0]
    drop = {"drop": "d", "left": 11, "ship_by": "2026-12-01", "opens": "2026-11-26T12:05:00Z"}
    lines = spoken(run, told(), told(drop=drop), told(drop=drop | {"left": 10}), told(left=1), other)
    assert lines[:4] == [[], [], ["还剩 10 坛"], []], "where a drop begins or ends, less is left, and nothing was sold"
    soon = drop | {"opens": "2026-11-26T12:30:00Z"}
    lines = spoken(run, told(left=21, drop=soon), told(left=20, drop=soon | {"left": 9}), told(left=20, drop=drop))
    assert lines == [[], ["还剩 20 坛"], []], "before a drop opens it is the goods that are sold"
    silent = spoken(
        run, told(), {"showing": None, "stock": {}, "next": None}, {"showing": None, "stock": {}, "next": None}
    )
    assert silent == [[], [], []]


@pytest.mark.parametrize(
    ("now", "time", "opens"),
    [
        ("2026-11-26T11:00:00.000Z", "", None),
        ("2026-11-26T11:00:00.000Z", "19:30", "2026-11-26T11:30:00.000Z"),
        ("2026-11-26T11:00:00.000Z", "18:59", "2026-11-27T10:59:00.000Z"),
        ("2026-11-26T15:59:00.000Z", "00:05", "2026-11-26T16:05:00.000Z"),
        ("2026-11-26T16:01:00.000Z", "00:00", "2026-11-27T16:00:00.000Z"),
    ],
)
def test_a_drop_for_later_opens_when_the_villages_clocks_next_show_that_hour(
    run: Run, now: str, time: str, opens: str | None
) -> None:
    function = """({ nextTime }, { now, time }) => {
      const at = nextTime(time, Date.parse(now));
      return at && new Date(at).toISOString();
    }"""
    assert run("host-drop.js", function, {"now": now, "time": time}) == opens


def test_an_instant_is_told_by_its_hour_and_on_another_day_by_the_villages_day_too(run: Run) -> None:
    function = "({ when }, other) => [when(other), when(Date.now())]"
    other, today = run("../../core/page.js", function, "2026-01-05T16:07:00Z")
    assert other == "1 月 6 日 00:07"
    assert re.fullmatch(r"\d\d:\d\d", today)


def test_goods_are_found_by_the_first_letters_of_their_sounds(run: Run) -> None:
    names = {
        "辣白菜": "lbc", "玉米面条": "ymmt", "黑木耳": "hme", "干人参": "grs", "鲜人参": "xrs", "山地葡萄": "sdpt",
        "安图 500 克": "at 500 k", "Kimchi": "kimchi", "糯米饭": "nmf", "啊": "a", "做": "z",
    }  # fmt: skip
    function = "({ initials }, names) => names.map((name) => initials(name))"
    assert run("initials.js", function, [*names]) == [*names.values()]


def test_a_refusal_is_told_in_the_hosts_language_and_never_in_the_shops_own_words(run: Run) -> None:
    detail = "the room has the drop x of it then"
    problems = [
        {"type": "/problems/not-now", "reason": "drop-overlaps", "detail": detail},
        {"type": "/problems/not-now", "reason": "a-reason-of-tomorrow", "detail": detail},
        {"type": "/problems/invalid", "detail": detail, "errors": [{"pointer": "/price", "detail": detail}]},
        {"type": "/problems/invalid", "detail": detail, "errors": [{"pointer": "/colour", "detail": detail}]},
        {"type": "/problems/a-problem-of-tomorrow", "detail": detail},
        None,
    ]
    said = run(
        "../../core/staff-api.js", "({ reason }, problems) => problems.map((data) => reason({ data }))", problems
    )
    own = messages.of("zh")["scripts"]["problems"]
    field = own["field"].format(field=own["fields"]["price"])
    assert said == [
        own["reasons"]["drop-overlaps"], own["not-now"], field, own["invalid"], own["unknown"], own["unknown"],
    ]  # fmt: skip
