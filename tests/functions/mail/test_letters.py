"""What the letters say, in both languages, and that no name in them can make them say something else."""

from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from html.parser import HTMLParser
from itertools import product
from typing import Any, get_args

import msgspec
import pytest
from chalicelib.catalog import Catalog, Text
from chalicelib.domain.aftersales.claims import Claim, ClaimFault, ClaimLine, ClaimState, DeclineReason
from chalicelib.domain.aggregate import TroubleKind
from chalicelib.domain.orders.model import Order, RecallMark, Refund, RefundLine, RefundReason, RefundState, State
from chalicelib.domain.orders.parcels import Parcel, ParcelLine, ParcelState
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.waitlist import Waiter, WaiterState, Wish
from chalicelib.jobs.troubles import Trouble, facts
from chalicelib.mail.letters import (
    INVOICE_LETTERS,
    LETTERS,
    LONGEST,
    MANAGER_LETTERS,
    READER_LETTERS,
    WAITER_LETTERS,
    Envelope,
    letter,
    message,
    tame,
    waiter_letter,
    yuan,
)

from tests.functions.helpers.world import JAR, NOON, ROOT, day, make_catalog, make_order

LINK = "https://shop.example.com/order/#11111111111111111111.a-token_of_32_characters_________"
FORMS = ("plain", "html")
SENT = Parcel(
    1, (ParcelLine(0, 2),), NOON, state=ParcelState.SHIPPED, handed=NOON, carrier="yto", tracking="YT1234567890123"
)
NO_NUMBER = msgspec.structs.replace(SENT, tracking="")
FOLLOWED = "https://www.kuaidi100.com/chaxun?com=yuantong&nu=YT1234567890123"
SHORT = (Refund("1-1", "pay-1", 2990, NOON, reason=RefundReason.SHORT, lines=(RefundLine(0, 1),)),)
MONEY_BACK = (Refund("1-1", "pay-1", 6580, NOON, RefundState.DONE),)
SHOWN = {
    "zh": {
        "day": "最晚 11 月 26 日发出",
        "old": "（原定 11 月 25 日）",
        "time": "11 月 24 日 12:15",
        "cabbage": "辣白菜",
    },
    "en": {
        "day": "Ships by 26 November",
        "old": "now (was 25 November)",
        "time": "12:15 on 24 November",
        "cabbage": "Kimchi",
    },
}
NASTY = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ 7 * 7 }}{% for x in y %}{# c #}",
    "emoji": "👩‍🌾 辣白菜 🌶️",
    "line breaks": "泡菜\r\nBcc: everybody@example.com\r\n\r\nTotal: ¥0.00\u2028x\x85y\x00z\x1b[31m",
    "turned around": "\u202egpj.exe\u202c",
    "very long": "白菜" * 5000,
    "quotes": '"O\'Neill" & <sons>',
}


def claim_of(state: ClaimState, **fields: Any) -> Claim:
    """A claim about one of the order's units."""
    return Claim("0" * 16, (ClaimLine(0, 1, ClaimFault.BROKEN),), NOON, state=state, **fields)


CLAIMS = {
    "claimed": claim_of(ClaimState.OPEN),
    "settled": claim_of(ClaimState.SETTLED, ended=NOON, amount=3290, reply="下次多包一层"),
    "declined": claim_of(ClaimState.DECLINED, ended=NOON, reason=DeclineReason.NOT_SHOWN, reply="请再拍一张"),
}


def make_letter(text: str, lang: str, catalog: Catalog | None = None, **fields: Any) -> EmailMessage:
    """The letter as a mail program reads it: after a journey as bytes."""
    order = written(text, lang, **fields)
    envelope = Envelope(order.email or "", order.number, "shop@example.com", NOON)
    sent = letter(text, order, catalog or make_catalog(), LINK, envelope)
    return message_from_bytes(sent.as_bytes(policy=SMTP), policy=default)  # type: ignore[arg-type, return-value]


def written(text: str, lang: str, **fields: Any) -> Order:
    """An order in the state in which it gets this letter."""
    order = make_order(State.PAID, lang=lang, email="wang@example.com", postage=600, total=6580)
    line = msgspec.structs.replace(order.lines[0], name=SHOWN[lang]["cabbage"])
    order = msgspec.structs.replace(order, lines=(line,))
    match text:
        case "placed":
            order = msgspec.structs.replace(order, state=State.AWAITING_PAYMENT)
        case "cancelled" | "withdrawn" | "refunded":
            order = msgspec.structs.replace(order, state=State.REFUNDED, refunds=MONEY_BACK)
        case "postponed":
            order = msgspec.structs.replace(order, first_ship_by=day(1))
        case "shipped" | "tracking":
            order = msgspec.structs.replace(order, state=State.SHIPPED, parcels=(SENT,))
        case "claimed" | "settled" | "declined":
            order = msgspec.structs.replace(order, state=State.DELIVERED, claims=(CLAIMS[text],))
        case "recalled":
            mark = RecallMark("1", JAR, day(2), NOON, "瓶盖没有封紧", "The lids are loose")
            order = msgspec.structs.replace(order, recalls=(mark,))
        case "short":
            parts, missing = (Part(day(2), 0, 1),), (Part(day(2), 0, 1),)
            line = msgspec.structs.replace(line, parts=parts, missing=missing)
            order = msgspec.structs.replace(order, lines=(line,), refunds=SHORT)
    return msgspec.structs.replace(order, **fields)


def body(message: EmailMessage, form: str) -> str:
    part = message.get_body((form,))
    assert part is not None
    return str(part.get_content())


class Seen(HTMLParser):
    """What a reader of HTML sees, and of which elements it is made."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(message: EmailMessage, form: str) -> str:
    return Seen(body(message, form)).text if form == "html" else body(message, form)


every_letter = pytest.mark.parametrize(("text", "lang", "form"), [*product(sorted(LETTERS), SHOWN, FORMS)])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lang", SHOWN)
def test_a_note_stands_whole_in_the_letters_of_an_order_that_is_to_be_packed(lang: str, form: str) -> None:
    note = "放门卫 " * 50
    for text in ("placed", "paid"):
        assert note.strip() in shown(make_letter(text, lang, note=note), form).replace("\r\n", "\n")
        assert "放门卫" not in shown(make_letter(text, lang), form)
    assert "放门卫" not in shown(make_letter("refunded", lang, note=note), form)


@every_letter
def test_every_letter_names_the_order_its_goods_its_price_the_link_and_who_sells(
    text: str, lang: str, form: str
) -> None:
    seller = make_catalog().shop
    named = Text(zh="村播小铺", en="Cunbo Shop"), Text(zh="卖家甲", en="A seller")
    shop = msgspec.structs.replace(seller, name=named[0], seller=named[1], contact="+86 400 000 0000")
    said = shown(make_letter(text, lang, msgspec.structs.replace(make_catalog(), shop=shop)), form)
    facts = ["1" * 20, f"2 × {SHOWN[lang]['cabbage']}", "¥65.80", "¥6.00", LINK, "+86 400 000 0000"]
    facts += [getattr(name, lang) for name in named]
    facts += ["请勿转发" if lang == "zh" else "yours alone"]
    assert [fact for fact in facts if fact not in said] == []


@every_letter
def test_the_date_is_told_where_it_still_matters(text: str, lang: str, form: str) -> None:
    assert (SHOWN[lang]["day"] in shown(make_letter(text, lang), form)) is (
        text
        not in (
            "cancelled",
            "withdrawn",
            "refunded",
            "shipped",
            "tracking",
            "recalled",
            "claimed",
            "settled",
            "declined",
        )
    )


@pytest.mark.parametrize(("lang", "form"), [*product(SHOWN, FORMS)])
def test_each_letter_says_what_it_is_for(lang: str, form: str) -> None:
    def says(text: str, words: dict[str, str], **fields: Any) -> bool:
        return words[lang] in shown(make_letter(text, lang, **fields), form)

    assert says("placed", {"zh": "11 月 24 日 12:15（北京时间）前付款", "en": "12:15 on 24 November (China time)"})
    assert says("paid", {"zh": "打包之前", "en": "until it's packed"})
    assert says("cancelled", {"zh": "你付的 ¥65.80 会原路退回", "en": "¥65.80 will be refunded to your original"})
    assert says("cancelled", {"zh": "你没有付款", "en": "You weren't charged"}, refunds=())
    assert says("withdrawn", {"zh": "实在对不起，你订的东西我们没法按时做出来", "en": "we can't make what you ordered"})
    assert says("withdrawn", {"zh": "你付的 ¥65.80 会原路退回", "en": "¥65.80 will be refunded to your original"})
    assert says("withdrawn", {"zh": "你没有付款", "en": "You weren't charged"}, refunds=())
    assert says("refunded", {"zh": "¥65.80 已原路退回", "en": "refunded ¥65.80 to your original"})
    assert says("postponed", {"zh": SHOWN["zh"]["old"], "en": SHOWN["en"]["old"]})
    assert says("postponed", {"zh": "免费取消", "en": "cancel free of charge"})
    assert says("shipped", {"zh": "你的商品已交给快递", "en": "Your order is with the carrier"})
    assert says("shipped", {"zh": "其余的随后发出", "en": "the rest will follow"}, state=State.PAID)
    assert says("shipped", {"zh": "单号稍后补上", "en": "tracking number to follow"}, parcels=(NO_NUMBER,))
    for text in ("shipped", "tracking"):
        assert says(text, {"zh": "圆通速递：YT1234567890123", "en": "YTO Express: YT1234567890123"})
        assert says(text, {"zh": FOLLOWED, "en": FOLLOWED})
    assert says("short", {"zh": "1 × 辣白菜", "en": "1 × Kimchi"})
    assert says("short", {"zh": "¥29.90 会原路退回", "en": "refund ¥29.90 to your original"})
    assert says("short", {"zh": "其余的照常发货", "en": "The rest will ship as planned"})
    assert says("short", {"zh": "其余的已经发出", "en": "The rest is on its way"}, state=State.SHIPPED)
    for text, words in {"recalled": {"zh": "瓶盖没有封紧", "en": "lids are loose"}, "unrecalled": {}}.items():
        assert says(text, words or {"zh": "东西没有问题", "en": "nothing is wrong with it"})
    assert says("recalled", {"zh": "辣白菜，标签批次 11 月 26 日", "en": "Kimchi, batch 26 November on the label"})
    assert says("recalled", {"zh": "请不要再吃", "en": "don't eat it"})
    assert says("recalled", {"zh": "全额退款", "en": "refund it in full"})
    assert says("claimed", {"zh": "1 × 辣白菜", "en": "1 × Kimchi"})
    assert says("settled", {"zh": "¥32.90 会原路退回", "en": "refund ¥32.90 to your original"})
    assert says("settled", {"zh": "卖家说：下次多包一层", "en": "The seller says: 下次多包一层"})
    for reason, words in {
        DeclineReason.NOT_SHOWN: {"zh": "看不出问题", "en": "don't show what is wrong"},
        DeclineReason.OTHER_GOODS: {"zh": "不是这份订单", "en": "aren't from this order"},
        DeclineReason.ALREADY: {"zh": "已经退过款", "en": "refunded or replaced already"},
        DeclineReason.AGREED: {"zh": "已经和你商量好", "en": "agreed with you on another way"},
    }.items():
        claims = (msgspec.structs.replace(CLAIMS["declined"], reason=reason),)
        assert says("declined", words, claims=claims)
        assert says("declined", {"zh": "法律给你的权利不受影响", "en": "none of your rights by law"}, claims=claims)
    assert says("link", {"zh": "你要的订单链接", "en": "Here is your order link"})


@pytest.mark.parametrize("lang", SHOWN)
def test_a_postponed_order_whose_first_date_is_not_known_gets_its_letter_all_the_same(lang: str) -> None:
    said = body(make_letter("postponed", lang, first_ship_by=None), "plain")
    assert SHOWN[lang]["day"] in said
    assert "原定" not in said
    assert "(was" not in said


def test_days_and_times_are_the_villages_own() -> None:
    late = NOON.replace(hour=18)  # two in the morning there
    assert "11 月 25 日 02:00" in body(make_letter("placed", "zh", pay_by=late), "plain")


@every_letter
def test_the_headers_are_those_of_one_letter_to_one_buyer(text: str, lang: str, form: str) -> None:
    message = make_letter(text, lang)
    assert "1" * 20 in message["Subject"]
    assert (message["To"], message["From"].addresses[0].addr_spec) == ("wang@example.com", "shop@example.com")
    assert message["Date"] == "Tue, 24 Nov 2026 04:00:00 +0000"
    assert message["Message-ID"].endswith("@example.com>")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(("text", "lang"), [*product(sorted(LETTERS), SHOWN)])
def test_a_page_loads_nothing_says_its_language_and_lets_the_dark_be(text: str, lang: str) -> None:
    page = body(make_letter(text, lang), "html")
    elements = Seen(page).elements
    assert {tag for tag, _ in elements} <= {
        "html", "head", "meta", "title", "body", "div", "p", "a", "br", "strong"
    }  # fmt: skip
    assert ("html", {"lang": {"zh": "zh-CN", "en": "en"}[lang]}) in elements
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in elements
    followed = [FOLLOWED] if text in ("shipped", "tracking") else []
    assert [attributes["href"] for tag, attributes in elements if tag == "a"] == [*followed, LINK]
    assert not {"src", "background"} & {name for _, attributes in elements for name in attributes}
    assert "url(" not in page


@pytest.mark.parametrize("lang", SHOWN)
@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY)
def test_no_name_makes_a_letter_say_something_else(nasty: str, lang: str) -> None:
    good, catalog = make_letter("paid", lang), make_catalog()
    words = Text(zh=nasty, en=nasty)
    shop = msgspec.structs.replace(catalog.shop, name=words, seller=words, contact=nasty)
    order = written("paid", lang)
    lines = (msgspec.structs.replace(order.lines[0], name=nasty),)
    message = make_letter("paid", lang, msgspec.structs.replace(catalog, shop=shop), lines=lines)
    assert [*message.keys()] == [*good.keys()]
    assert len(message["To"].addresses) == len(message["From"].addresses) == 1
    assert message["From"].addresses[0].addr_spec == "shop@example.com"
    assert len(body(message, "plain").splitlines()) == len(body(good, "plain").splitlines())
    assert f"2 × {tame(nasty)}" in body(message, "plain")
    assert [tag for tag, _ in Seen(body(message, "html")).elements] == [
        tag for tag, _ in Seen(body(good, "html")).elements
    ]
    assert tame(nasty) in shown(message, "html")
    raw = message.as_bytes(policy=SMTP)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()


def test_words_are_tamed_without_harm_to_what_people_write() -> None:
    assert tame(NASTY["emoji"]) == NASTY["emoji"]
    assert tame("泡菜\r\n  第二行\x00\x1b") == "泡菜 第二行"
    assert tame(NASTY["turned around"]) == "gpj.exe"
    assert len(tame(NASTY["very long"])) == LONGEST
    assert tame(NASTY["very long"]).endswith("…")


def test_a_line_without_a_name_gets_the_catalogues_and_else_its_sku() -> None:
    order = written("paid", "en")
    unnamed = msgspec.structs.replace(order.lines[0], name="")
    gone = msgspec.structs.replace(unnamed, sku="gone-500g")
    said = body(make_letter("paid", "en", lines=(unnamed, gone)), "plain")
    assert "2 × Spicy cabbage, spicy-cabbage-500g" in said
    assert "2 × gone-500g" in said


def test_each_letter_is_there_in_every_language_and_form_and_no_other_file() -> None:
    folder = ROOT / "functions/chalicelib/mail/letters"
    names = {
        f"{text}/{lang}.{kind}"
        for text in {*LETTERS, *WAITER_LETTERS, *INVOICE_LETTERS, *MANAGER_LETTERS, *READER_LETTERS, "frame", "place"}
        for lang in SHOWN
        for kind in ("txt", "html")
    }
    assert {path.relative_to(folder).as_posix() for path in folder.glob("*/*")} == names | {"frame/base.html"}


@pytest.mark.parametrize(("fen", "shown"), [(0, "¥0.00"), (5, "¥0.05"), (2990, "¥29.90"), (123456789, "¥1234567.89")])
def test_fen_are_shown_as_yuan(fen: int, shown: str) -> None:
    assert yuan(fen) == shown


def test_a_date_far_ahead_keeps_its_year() -> None:
    order = written("paid", "en")
    part = msgspec.structs.replace(order.lines[0].parts[0], ship_by=date(2027, 1, 3))
    lines = (msgspec.structs.replace(order.lines[0], parts=(part,)),)
    assert "Ships by 3 January 2027" in body(make_letter("paid", "en", lines=lines), "plain")


def make_waiter_letter(text: str, lang: str, **fields: Any) -> EmailMessage:
    """As a mail program reads it, from a waiter in the state in which it is sent."""
    waiter = Waiter(
        number="2" * 20,
        sku=JAR,
        contact="li@example.com",
        wish=Wish(3, fewer=True, lang=lang),
        joined=NOON,
        since=NOON,
        state=WaiterState(text),
    )
    if text in ("invited", "lapsed"):
        waiter = msgspec.structs.replace(waiter, parts=(Part(day(2), 0, 2),), until=NOON + timedelta(hours=1))
    waiter = msgspec.structs.replace(waiter, **fields)
    envelope = Envelope(waiter.contact, waiter.number, "shop@example.com", NOON)
    sent = waiter_letter(text, waiter, make_catalog(), LINK, envelope)
    return message_from_bytes(sent.as_bytes(policy=SMTP), policy=default)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(("text", "lang", "form"), [*product(sorted(WAITER_LETTERS), SHOWN, FORMS)])
def test_a_letter_to_who_waits_names_the_goods_the_link_and_no_order(text: str, lang: str, form: str) -> None:
    message = make_waiter_letter(text, lang)
    said = shown(message, form)
    assert message["To"] == "li@example.com"
    assert [fact for fact in (LINK, JAR, "请勿转发" if lang == "zh" else "yours alone") if fact not in said] == []
    assert ("2 × " if text == "invited" else "3 × ") in said
    assert "订单" not in said
    assert "order number" not in said.lower()


@pytest.mark.parametrize(("lang", "form"), [*product(SHOWN, FORMS)])
def test_an_invitation_says_how_many_until_when_and_the_date(lang: str, form: str) -> None:
    said = shown(make_waiter_letter("invited", lang), form)
    facts = {"zh": ["保留 2 件", "你要 3 件", "11 月 24 日 13:00"], "en": ["holding 2", "asked for 3", "13:00 on 24"]}
    assert [fact for fact in [*facts[lang], SHOWN[lang]["day"]] if fact not in said] == []
    assert {"zh": "你要", "en": "asked for"}[lang] not in shown(
        make_waiter_letter("invited", lang, parts=(Part(day(2), 0, 3),)), form
    )


@pytest.mark.parametrize(("lang", "form"), [*product(SHOWN, FORMS)])
@pytest.mark.parametrize("kind", get_args(TroubleKind))
def test_the_manager_is_told_of_each_kind_of_trouble_and_that_letters_wait(
    kind: TroubleKind, lang: str, form: str
) -> None:
    envelope = Envelope("manager@example.com", "2026-11-24-04", "shop@example.com", NOON)
    told = facts([Trouble(kind, "1" * 20), Trouble("fault", "2" * 20)])
    trouble = shown(message("trouble", lang, told, make_catalog(), envelope), form)
    assert [number for number in ("1" * 20, "2" * 20) if number not in trouble] == []
    assert {"zh": "每件事每天提醒一次", "en": "once a day"}[lang] in trouble
    held = shown(message("held", lang, {}, make_catalog(), envelope), form)
    assert {"zh": "超出的会自动晚些发送", "en": "The rest will be sent later"}[lang] in held
