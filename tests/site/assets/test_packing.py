"""What the packing room's scripts work out by themselves: label codes, bars, waves and pick lists, run by Node."""

import json
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from tests.site.helpers.built import REPO
from tests.site.helpers.scripts import run

CASES: list[dict[str, Any]] = json.loads((REPO / "tests/functions/domain/packing/codes.json").read_text("utf-8"))
LABEL = next(case["scanned"] for case in CASES if "order" in case)
DOTS = 2
"""Of a printer with 203 to the inch, for a module."""


def test_the_page_reads_labels_as_the_shop_does() -> None:
    found = run("label-code.js", "({ labelIn }, cases) => cases.map(labelIn)", [case["scanned"] for case in CASES])
    for case, label in zip(CASES, found, strict=True):
        assert label == ({"order": case["order"], "revision": case["revision"]} if "order" in case else None), case
    codes = run(
        "label-code.js",
        "({ codeOf }, cases) => cases.map(({ order, revision }) => codeOf(order, revision))",
        [case for case in CASES if "order" in case],
    )
    assert codes[0] == LABEL


@pytest.mark.parametrize(
    ("readings", "kind"),
    [
        ([LABEL], "label"),
        (["藏北012", "", LABEL], "label"),  # an input method made words of it: the keys say what it was
        (["SF1234567890123", LABEL], "label"),
        ([LABEL[:14]], "half"),
        ([LABEL + LABEL], "half"),
        (["SF1234567890123"], "number"),
        (["７７３０６１１５５００５９０３"], "number"),
        (["CB123456785CN"], "number"),
        (["YT-2412345678901"], "number"),
        (["6901234567892"], "goods"),
        (["https://example.org/"], "nothing"),
        (["12345"], "nothing"),
        ([""], "nothing"),
    ],
)
def test_a_scan_is_told_from_what_it_might_be_taken_for(readings: list[str], kind: str) -> None:
    assert run("label-code.js", "({ scanIn }, readings) => scanIn(readings)", readings)["kind"] == kind


@pytest.mark.parametrize("text", [LABEL, "SF1234567890123", "YT2412345678901", "A1", "12", "1234567", "~ !x09"])
def test_bars_are_read_back_as_a_printer_sets_them(text: str) -> None:
    bars = run("code128.js", "({ barsOf }, text) => barsOf(text)", text)
    width, path = int(bars["width"]), str(bars["path"])
    drawn = Image.new("1", ((width + 20) * DOTS, 60), 1)
    pen = ImageDraw.Draw(drawn)
    for piece in path.split("M")[1:]:
        at, modules = int(piece.split(" ")[0]), int(piece.split("h")[1].split("v")[0])
        pen.rectangle(((at + 10) * DOTS, 0, (at + 10 + modules) * DOTS - 1, 59), fill=0)
    [found] = zxingcpp.read_barcodes(drawn.convert("L"))
    assert (found.format, found.text) == (zxingcpp.BarcodeFormat.Code128, text)


def test_a_label_has_two_hundred_modules_for_which_the_sheet_keeps_room() -> None:
    assert run("code128.js", "({ barsOf }, text) => barsOf(text).width", LABEL) == 200
    assert "203 * 400)" in (REPO / "site/assets/css/pages/packing.css").read_text()


def test_a_text_that_the_bars_have_no_sign_for_is_refused() -> None:
    refused = """({ barsOf }, texts) => texts.map((text) => {
      try { return barsOf(text).path; } catch (error) { return error.name; }
    })"""
    assert run("code128.js", refused, ["辣白菜", "", "\n"]) == ["RangeError"] * 3


def entry(n: int, lines: dict[str, int], day: str = "2026-11-26", recipient: str = "") -> dict[str, Any]:
    """An order on the board."""
    found = [{"sku": sku, "quantity": units} for sku, units in lines.items()]
    return {"order": f"{n:020}", "ship_by": day, "stage": "to_print", "recipient": recipient, "lines": found}


def waves(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The waves of these orders; the product of a pack is the name before its size."""
    function = '({ wavesOf }, entries) => wavesOf(entries, (sku) => sku.split("-")[0])'
    return list(run("waves.js", function, entries))


def numbers(wave: dict[str, Any]) -> list[int]:
    return [int(one["order"]) for one in wave["entries"]]


def test_waves_are_of_the_same_contents_fewest_walks_first_and_mixed_last() -> None:
    same = [entry(n, {"jar-500": 1}) for n in range(40)]
    twos = [entry(100 + n, {"jar-500": 2}) for n in range(6)]
    both = [entry(200 + n, {"jar-500": 1, "noodles-500": 1}) for n in range(10)]
    odd = [entry(300, {"ginseng-1": 1}), entry(301, {"noodles-500": 3}), entry(302, {"noodles-500": 3})]
    found = waves([*odd, *both, *twos, *same])
    assert [len(wave["entries"]) for wave in found] == [30, 10, 6, 10, 3]
    assert [wave["contents"] for wave in found] == [
        "1*jar-500", "1*jar-500", "2*jar-500", "1*jar-500+1*noodles-500", "",
    ]  # fmt: skip
    assert [wave["products"] for wave in found[-2:]] == [["jar", "noodles"], ["ginseng", "noodles"]]


def test_the_earliest_day_comes_first_whatever_its_waves_hold() -> None:
    late = [entry(1, {"jar-500": 1, "noodles-500": 4}, "2026-11-24")]
    found = waves([*(entry(10 + n, {"jar-500": 1}) for n in range(9)), *late])
    assert [wave["day"] for wave in found] == ["2026-11-24", "2026-11-26"]


def test_what_goes_to_one_door_is_side_by_side_in_one_wave_of_its_earliest_day() -> None:
    alone = [entry(n, {"jar-500": 1}) for n in range(59)]
    door = [entry(100, {"jar-500": 1}, recipient="aa"), entry(101, {"noodles-500": 1}, "2026-11-25", "aa")]
    found = waves([door[0], *alone, door[1]])
    assert numbers(found[0]) == [100, 101] and found[0]["day"] == "2026-11-25"
    assert sorted(number for wave in found for number in numbers(wave)) == [*range(59), 100, 101]


def test_orders_whose_door_is_unknown_are_not_taken_for_one_door() -> None:
    [wave] = waves([entry(n, {"jar-500": 1}) for n in range(8)])
    assert wave["contents"] == "1*jar-500"


def test_a_pick_list_adds_up_units_and_says_which_orders_want_several() -> None:
    entries = [*(entry(n, {"jar-500": 1}) for n in range(23)), *(entry(50 + n, {"jar-500": 2}) for n in range(6))]
    found = run("waves.js", "({ pickList }, entries) => pickList(entries)", [*entries, entry(90, {"noodles-500": 3})])
    assert found == [
        {"sku": "jar-500", "units": 35, "orders": [[1, 23], [2, 6]]},
        {"sku": "noodles-500", "units": 3, "orders": [[3, 1]]},
    ]


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-11-29", "late"), ("2026-11-30", "today"), ("2026-12-01", "tomorrow"), ("2026-12-02", "later")],
)
def test_days_are_named_across_the_end_of_a_month(day: str, name: str) -> None:
    assert run("waves.js", "({ dayOf }, [day, today]) => dayOf(day, today)", [day, "2026-11-30"]) == name


@pytest.mark.parametrize(
    ("now", "name"),
    [("2026-11-30T15:59:59Z", "today"), ("2026-11-30T16:00:00Z", "late"), ("2026-12-01T00:01:00Z", "late")],
)
def test_what_ships_by_a_day_is_late_from_the_villages_midnight_on(now: str, name: str) -> None:
    """postnl-magento2 #279, odoo #143385: that midnight is 16:00 by UTC."""
    said = "({ dayOf, villageDay }, now) => dayOf('2026-11-30', villageDay(Date.parse(now)))"
    assert run("waves.js", said, now) == name
