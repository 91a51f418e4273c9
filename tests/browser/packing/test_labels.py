"""Labels on paper: their size, what is on them, and that a printer's dots are read back."""

import base64
import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from chalicelib.api.responses.orders import modules
from chalicelib.domain.packing.codes import code_of, label_in
from PIL import Image
from playwright.sync_api import Route, expect

from tests.browser.helpers.packer import Hire, Packer

DOTS = 203 / 96
"""Of a label printer, for a CSS pixel."""
MANY = 200
AT_ONCE = 15
"""Labels of one picture: Chromium draws none that is higher than 16,384 pixels."""
RARE = "䶮𠮷ㄍ"
NO_FONT = "\U0010fff0"
"""A sign that no machine can draw."""
LONG = "人民大道七百七十七号院十二栋一单元二千一百零三室东户"
BOTH = {zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode}


def label(n: int, **other: Any) -> dict[str, Any]:
    """A label as the shop tells it."""
    order = f"{10**19 + n * 7_777_777}"
    code = code_of(order, 1)
    jar = {"sku": "spicy-cabbage-500g", "name": "辣白菜 500 克", "quantity": 1, "lots": ["2026-12-02"]}
    return {
        "order": order,
        "revision": 1,
        "code": code,
        "rows": modules(code),
        "ship_by": "2026-12-02",
        "name": f"收件人{n}",
        "phone": "138****5678",
        "region": ["吉林省", "通化市", "集安市"],
        "street": "胜利路 20 号",
        "note": "",
        "lines": [jar],
    } | other


ODD = [
    label(1, name=f"陈{RARE}", street=LONG, note="送父母的 🙏\n请放门口，不要打电话"),
    label(2, name="欧阳建国建国建国", street=LONG * 4, note="麻烦包好一点，" * 28),
    label(
        3,
        ship_by="2026-12-22",
        lines=[{**label(3)["lines"][0], "sku": f"sku-{n}", "quantity": 20} for n in range(10)],
        note=LONG * 3,
    ),
    label(
        4, name=f"王{NO_FONT}", region=["北京市", "北京市", "海淀区"], lines=[{**label(4)["lines"][0], "quantity": 188}]
    ),
]


def printed(packer: Packer, labels: list[dict[str, Any]], paper: str) -> None:
    """Prints these labels as one wave, which the shop is made to tell."""
    board = [
        {"order": one["order"], "ship_by": one["ship_by"], "stage": "to_print", "recipient": "", "lines": []}
        for one in labels[:1]
    ]

    def wave(route: Route) -> None:
        route.fulfill(
            status=201, content_type="application/json", body=json.dumps({"wave": "A1B2C3", "labels": labels})
        )

    def all_boards(route: Route) -> None:
        told = {"now": "2026-12-01T08:00:00Z", "courier": "21:30", "orders": board}
        route.fulfill(content_type="application/json", body=json.dumps(told))

    packer.page.route("**/api/staff/packing/waves", wave)
    packer.page.route("**/api/staff/packing", all_boards)
    packer.page.reload()
    packer.part("paper").select_option(paper)
    packer.part("waves").get_by_role("button").first.click()
    expect(packer.part("heap").locator(".pack-label")).to_have_count(len(labels))
    assert packer.page.evaluate("window.printed") == 1


def dots(packer: Packer) -> Iterator[Image.Image]:
    """Each label in black and white, as a printer's head sets it."""
    packer.page.emulate_media(media="print")
    areas = packer.page.evaluate("""() => [...document.querySelectorAll(".pack-label")].map((label) => {
      const { x, y, width, height } = label.getBoundingClientRect();
      return { x: x + scrollX, y: y + scrollY, width, height };
    })""")
    session = packer.page.context.new_cdp_session(packer.page)
    for start in range(0, len(areas), AT_ONCE):
        some = areas[start : start + AT_ONCE]
        top, bottom = some[0]["y"], some[-1]["y"] + some[-1]["height"]
        clip = {**some[0], "height": bottom - top, "scale": DOTS}
        shot = session.send("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        drawn = Image.open(BytesIO(base64.b64decode(shot["data"]))).convert("L")
        black = drawn.point(lambda grey: 255 if grey > 127 else 0)
        for area in some:
            y = round((area["y"] - top) * DOTS)
            yield black.crop((0, y, black.width, y + round(area["height"] * DOTS)))


def reads(drawn: Image.Image) -> set[Any]:
    """What both codes of a label say; fails where one is not read."""
    found = {one.format: label_in(one.text) for one in zxingcpp.read_barcodes(drawn)}
    assert found.keys() == BOTH
    return {*found.values()}


@pytest.mark.parametrize(("paper", "width", "height"), [("small", 76, 130), ("large", 100, 150)])
def test_labels_have_their_paper_s_size_and_room_for_the_longest_words_beside_their_codes(
    hire: Hire, paper: str, width: int, height: int
) -> None:
    packer = hire()
    printed(packer, ODD, paper)
    pages = packer.page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = [box.split(b"]")[0].split() for box in pages.split(b"/MediaBox [")[1:]]
    assert len(boxes) == len(ODD)
    for box in boxes:
        assert (float(box[2]) * 25.4 / 72, float(box[3]) * 25.4 / 72) == pytest.approx((width, height), abs=0.6)
    for told, drawn in zip(ODD, dots(packer), strict=True):
        assert {read.order for read in reads(drawn)} == {told["order"]}
    cut = packer.page.evaluate("""() => [...document.querySelectorAll(".label-words")]
      .map((words) => words.scrollHeight - words.clientHeight).filter((over) => over > 1)""")
    assert cut == []
    wide = packer.page.evaluate("""() => [...document.querySelectorAll(".label-top")]
      .map((top) => top.scrollWidth - top.clientWidth).filter((over) => over > 0)""")
    assert wide == []
    first = packer.part("heap").locator(".pack-label").first
    expect(first).to_contain_text(f"陈{RARE}")
    expect(first).to_contain_text("138****5678")
    missing = packer.part("labels-missing")
    expect(missing).to_contain_text(NO_FONT)
    assert not {*"王海淀辣白菜"} & {*missing.inner_text().partition("：")[2].partition("。")[0]}


def test_two_hundred_labels_are_two_hundred_pages_and_each_code_is_read_back_at_203_dots(hire: Hire) -> None:
    packer = hire()
    labels = [label(n) for n in range(MANY)]
    printed(packer, labels, "small")
    pages = packer.page.pdf(prefer_css_page_size=True, print_background=True)
    assert pages.count(b"/MediaBox [") == MANY
    read = [reads(drawn) for drawn in dots(packer)]
    assert [{one.order for one in found} for found in read] == [{told["order"]} for told in labels]
