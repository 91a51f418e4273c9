"""Every text message: signed, short, one link at its end, in both languages; and where the sandbox shows it."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from chalicelib.catalog import Catalog
from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.desk.notes import DeskLetter, LetterKind, letter_name
from chalicelib.domain.orders.model import Order, Refund, RefundReason, RefundState, State
from chalicelib.domain.orders.steps import TEXTED
from chalicelib.domain.settings import Settings
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.waitlist import Waiter, WaiterState, Wish
from chalicelib.jobs.letters import BRINGS_LINK
from chalicelib.mail.letters import WAITER_LETTERS
from chalicelib.sms import ALONE, JOINED, SmsMessage, messages, sender
from cunbo.core.content import read

from tests.functions.helpers.world import NOON, ROOT, Carrier, day, make_order

if TYPE_CHECKING:
    from email.message import EmailMessage

FOLDER = Path(messages.__file__).parent
WORDS = tomllib.loads((FOLDER / "messages.toml").read_text())
MOST_PARTS = {"zh": 2, "en": 3}
GONE, LONG = "sold-no-more", "山里人家手工现做的辣白菜大礼盒三坛装"
SETTINGS = Settings(
    *("shop", "secret", "local", "http://shop", timedelta(seconds=900), "shop@example.com"),
    sms_by="sandbox",
    manager_mail="manager@example.com",
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The village's own, whose names are as long as names are."""
    return read(ROOT / "content")[0]


def link(page: str, lang: str) -> str:
    return f"https://shop.example.cn{'' if lang == 'zh' else '/en'}/{page}/#{'1' * 20}.{'A' * 32}"


LINK = link("order", "zh")


def every(catalog: Catalog, lang: str) -> dict[str, list[SmsMessage]]:
    """Each message by its name, of each of the village's goods where it names them."""
    refund = Refund("r", "p", 123_450, NOON, RefundState.DONE, RefundReason.SHORT)
    order: Order = make_order(State.CANCELLED, lang=lang, refunds=(refund,))
    found = {text: [messages.to_buyer(text, order, catalog, link("order", lang))] for text in (*TEXTED, "link")}
    for kind in {*LetterKind} - {LetterKind.WORDS}:
        written = msgspec.structs.replace(order, letters=(DeskLetter(NOON, OPERATOR, kind),))
        found[f"desk-{kind}"] = [messages.to_buyer(letter_name(1), written, catalog, link("order", lang))]
    for sku in (*catalog.packs, GONE):
        for state in WaiterState:
            if state in WORDS:
                place = Waiter(
                    number="1" * 20,
                    sku=sku,
                    contact="+8613900139000",
                    wish=Wish(20, lang=lang, name=LONG),
                    joined=NOON,
                    since=NOON,
                    state=state,
                    parts=(Part(day(2), 0, 20),),
                    until=NOON + timedelta(hours=1),
                )
                found.setdefault(state, []).append(messages.to_waiter(state, place, catalog, link("waiting", lang)))
    return found


def test_there_is_a_message_for_whatever_is_told_by_phone_in_both_languages() -> None:
    written = {f"desk-{kind}" for kind in LetterKind if kind is not LetterKind.WORDS}
    assert WORDS.keys() == {*TEXTED, *WAITER_LETTERS, *written, "link"}
    assert all(said.keys() == {"zh", "en"} for said in WORDS.values())
    assert {text for text in WORDS if text in BRINGS_LINK} == {"link", "unconfirmed", "waiting"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_is_signed_ends_with_its_link_and_has_few_parts(catalog: Catalog, lang: str) -> None:
    said = every(catalog, lang)
    assert said.keys() == WORDS.keys()
    for message in (one for some in said.values() for one in some):
        assert message.words.startswith(f"【{getattr(catalog.shop.name, lang)}】")
        assert re.search(r" https://[!-~]+\Z", message.words), (
            "what follows a link without a space becomes a part of it"
        )
        assert message.words.count("://") == 1
        assert message.parts <= MOST_PARTS[lang], f"{len(message.words)} characters: {message.words}"
        assert "\n" not in message.words


@pytest.mark.parametrize(("lang", "jars", "items"), [("zh", "20 瓶", "20 件"), ("en", "20 jars", "20 items")])
def test_a_turn_counts_in_the_goods_own_unit(catalog: Catalog, lang: str, jars: str, items: str) -> None:
    said = dict(zip((*catalog.packs, GONE), every(catalog, lang)[WaiterState.INVITED], strict=True))
    assert jars in said["spicy-cabbage-500g"].words
    assert items in said[GONE].words, "of what is sold no more the unit is not known"


@pytest.mark.parametrize(
    ("words", "parts"),
    [("字" * ALONE, 1), ("字" * (ALONE + 1), 2), ("字" * (2 * JOINED), 2), ("a" * (2 * JOINED + 1), 3), ("🥬" * 36, 2)],
)
def test_parts_are_counted_as_carriers_count_them(words: str, parts: int) -> None:
    assert SmsMessage("+8613900139000", "1", "link", words).parts == parts


def test_the_sandbox_shows_each_to_the_manager_with_number_and_parts() -> None:
    shown: list[EmailMessage] = []
    by = sender(SETTINGS, Carrier(shown.append))
    assert by
    by.send(SmsMessage("+8613900139000", "1" * 20, "link", f"【村播小铺】订单： {LINK}"))
    [mail] = shown
    assert mail["To"] == "manager@example.com"
    assert mail["Subject"] == "SMS +8613900139000 (2)"
    assert mail.get_content().strip() == f"【村播小铺】订单： {LINK}"


@pytest.mark.parametrize("missing", ["mail_from", "manager_mail", "sms_by"])
def test_without_a_mailbox_to_show_them_in_there_is_no_sandbox(missing: str) -> None:
    settings = msgspec.structs.replace(SETTINGS, **{missing: ""})
    assert sender(settings, Carrier() if settings.mail_from else None) is None
