"""What buyers and readers say, from their phones over the manager's to the pages; and a letter to readers."""

import io
import os
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.actor import device, provider
from chalicelib.domain.calendar import village_day
from chalicelib.domain.commands import BearNumber, PackParcel
from chalicelib.domain.orders.events import Tracked
from chalicelib.domain.orders.model import State
from chalicelib.domain.orders.parcels import ParcelState
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.letters import letter_about
from tests.browser.helpers.packer import bench_of, call_act, loaded
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE
from tests.browser.helpers.staff_device import SLIP, enrolled
from tests.conftest import RunningShop
from tests.stack.helpers import eventually

SKU, PRODUCT = "corn-noodles-1kg", "/products/corn-noodles/"
STORY = "/stories/corn-to-noodle/"
TRICK = "写得真好<script>document.title = 'taken'</script>\u202e真的\u200b好"
CACHED = 75
"""Seconds in which the edge has forgotten what it was told before."""


def picture(page: Page, name: str, whole: bool = True) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=whole)


def deliver(shop: RunningShop, shelf: Shelf) -> dict[str, Any]:
    """An order that has arrived."""
    placed = shelf.buy(SKU, 1)
    call_act(shop, placed["order"])
    assert eventually(lambda: loaded(shop, placed["order"], State.PAID), 15)
    bench, by, parcel = bench_of(shop), device("0badcafe"), f"{placed['order']}-1"
    bench.pack(placed["order"], PackParcel(1), f"browser-test-{uuid.uuid4()}", by)
    bench.hand_over(parcel, BearNumber("sf", f"SF{uuid.uuid4().int % 10**13:013}"), by)
    bench.tracked(parcel, Tracked(1, ParcelState.DELIVERED, datetime.now(UTC), provider("sf")))
    return placed


def photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), (168, 32, 26)).save(file, "JPEG")
    return file.getvalue()


def test_a_review_and_a_comment_are_shown_once_the_manager_has_seen_them(
    visit: Visit, shop: RunningShop, shelf: Shelf
) -> None:
    first = village_day(datetime.now(UTC)) + timedelta(days=3)
    buyer, reader, manager = visit(size=PHONE), visit(size=PHONE), visit(size=PHONE)
    for who in (buyer, reader):
        who.watch.expect("422")
    words = f"面条筋道，煮不烂，孩子抢着吃 {uuid.uuid4().hex[:6]}"
    with shelf.holding(SKU, {first: 9}):
        order = deliver(shop, shelf)
    buyer.open(f"/after/#{order['order']}.{order['token']}")
    review = buyer.part("review")
    expect(review).to_be_visible()
    review.get_by_label(buyer.say("scripts.reviews.stars")).select_option("4")
    box = review.get_by_label(buyer.say("scripts.reviews.words"))
    box.fill(f"{words} 加微信 laowang88")
    send = buyer.button("scripts.reviews.send")
    send.click()
    expect(review.locator(".fault")).to_have_text(buyer.say("scripts.reviews.fault"))
    box.fill(words)
    review.locator("input[type=file]").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    expect(review.get_by_text(buyer.say("scripts.photos.sent"), exact=True)).to_be_visible()
    picture(buyer.page, "review")
    buyer.look_over()
    with buyer.page.expect_response(re.compile("/reviews/")) as answered:
        send.click()
    assert answered.value.ok, answered.value.text()
    expect(review).to_contain_text(buyer.say("scripts.reviews.waiting"))

    reader.open(STORY)
    form = reader.part("comment")
    form.get_by_label(reader.say("voices.name")).fill("官方客服")
    form.get_by_label(reader.say("voices.words")).fill(f"{TRICK} {words}")
    reader.button("voices.send").click()
    expect(form).to_contain_text(reader.say("scripts.comments.fault.name"))
    form.get_by_label(reader.say("voices.name")).fill("老王")
    reader.button("voices.send").click()
    expect(reader.part("comment-said")).to_have_text(reader.say("scripts.comments.sent"))
    picture(reader.page, "story")
    reader.look_over()
    for about in ("product:corn-noodles", "story:workshops"):  # the call itself would be kept for a minute by the edge
        assert shop.operations.store.voices.spoken(about, "", 9).count == 0

    taps: list[str] = []

    def tap(target: Locator) -> None:
        taps.append(target.inner_text())
        target.click()

    enrolled(manager, shop, "manager")
    manager.open("/desk/voices/")
    own = manager.part("voices").get_by_role("listitem").filter(has_text=words)
    expect(own).to_contain_text("★★★★")
    expect(own.get_by_role("img").or_(own.locator("img"))).to_be_visible()
    picture(manager.page, "desk-reviews")
    manager.look_over()
    tap(own.get_by_role("button", name=manager.say("scripts.desk_voices.show"), exact=True))
    expect(manager.part("said")).to_have_text(manager.say("scripts.desk_voices.done_shown", count=1))
    tap(manager.page.locator('[data-kind="comment"]'))
    expect(own).to_contain_text("<script>")
    expect(own).to_contain_text(manager.say("scripts.desk_voices.flags.hidden"))
    tap(own.get_by_role("button", name=manager.say("scripts.desk_voices.refuse")))
    picture(manager.page, "desk-comments")
    why = manager.say("scripts.desk_voices.faults.off-topic")
    tap(own.get_by_role("button", name=why, exact=True))
    expect(manager.part("said")).to_have_text(manager.say("scripts.desk_voices.done_refused", count=1, why=why))
    assert len(taps) == 4

    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.open(PRODUCT)
    reader.page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/api/voices" in url or "spoken" in url], "few scroll so far, so few load it"
    section = reader.part("voices")

    def shown() -> bool:
        reader.open(PRODUCT)
        section.scroll_into_view_if_needed()
        reader.page.wait_for_load_state("networkidle")
        return words in section.inner_text()

    assert eventually(shown, CACHED)
    expect(section).to_contain_text("测**")
    expect(section).to_contain_text(reader.say("scripts.voices.batch", day=reader.day(first)))
    expect(section.locator("img")).to_be_visible()
    picture(reader.page, "product")
    reader.look_over()
    reader.open(STORY)
    reader.part("voices").scroll_into_view_if_needed()
    reader.page.wait_for_load_state("networkidle")
    assert words not in reader.part("voices").inner_text()
    assert reader.page.title() != "taken"

    buyer.page.reload()
    expect(review).to_contain_text(buyer.say("scripts.reviews.shown"))
    gone = buyer.button("scripts.reviews.delete")
    gone.click()
    buyer.button("scripts.reviews.sure").click(delay=SLIP)
    expect(buyer.button("scripts.reviews.send")).to_be_visible()
    assert shop.operations.store.voices.spoken("product:corn-noodles", "", 9).count == 0


def test_a_reader_joins_by_a_link_gets_a_letter_and_leaves_with_one_tap(visit: Visit, shop: RunningShop) -> None:
    reader, manager = visit(size=PHONE), visit(size=PHONE)
    address, title = f"reader-{uuid.uuid4().hex[:8]}@example.com", f"冬至 {uuid.uuid4().hex[:6]}"
    reader.open("/newsletter/")
    reader.page.get_by_label(reader.say("newsletter.email")).fill(address)
    picture(reader.page, "newsletter")
    reader.look_over()
    reader.button("newsletter.ask").click()
    expect(reader.part("said")).to_contain_text(address)
    letter = letter_about(shop.mail, address, "-confirm")
    found = re.search(r"https?://\S+/newsletter/#\S+", letter)
    assert found
    reader.page.goto(found[0])
    reader.button("newsletter.confirm").click()
    expect(reader.part("said")).to_have_text(reader.say("scripts.newsletter.confirmed"))
    assert "#" not in reader.page.url
    enrolled(manager, shop, "manager")
    manager.open("/desk/voices/")
    manager.page.locator('[data-kind="letter"]').click()
    manager.page.get_by_label(manager.say("desk_voices.subject_zh")).fill(title)
    manager.page.get_by_label(manager.say("desk_voices.words_zh")).fill("开坛了。\n\n今年的雪来得早。")
    manager.button("desk_voices.preview").click()
    expect(manager.part("previewed")).to_contain_text("今年的雪来得早")
    picture(manager.page, "desk-letter")
    manager.look_over()
    manager.part("send").click()
    expect(manager.part("send")).to_contain_text(re.compile(r"\d"))
    manager.part("send").click(delay=SLIP)
    leaves = re.search(r"https?://\S+/newsletter/#leave\S+", letter_about(shop.mail, address, title))
    assert leaves
    reader.page.goto(leaves[0])
    reader.page.reload()
    reader.button("newsletter.leave").click()
    expect(reader.part("said")).to_have_text(reader.say("scripts.newsletter.left"))
