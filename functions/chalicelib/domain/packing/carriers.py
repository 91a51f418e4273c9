"""The carriers as a table of data: what each is called, what its numbers look like, and where one is followed.

Numbers overlap and their forms change, so one that looks odd is warned of and never refused. Links rot: a page shows
the number itself, and what finds it where the link does not.

**To add a carrier, add it to `CARRIERS`, and its code to `Carrier` in openapi.yaml.**
"""

import re
import unicodedata

import msgspec

from chalicelib.domain.errors import Fault, Invalid


class Carrier(msgspec.Struct, frozen=True):
    """A carrier by its `code`; `called` is what it is called in sheets, in whatever words stand around that.

    `form` is what its numbers look like, and `link` the page that follows one, with {number} in it; empty: none known.
    `kuaidi100` and `kdniao` (快递鸟) are its codes there; empty: they do not know it.
    """

    code: str
    zh: str
    en: str
    called: tuple[str, ...]
    form: str
    kuaidi100: str = ""
    kdniao: str = ""
    link: str = ""


FOLLOWED_AT = "https://www.kuaidi100.com/chaxun?com={code}&nu={number}"
"""Where any carrier's number is followed, in case its own page is gone."""

CARRIERS = {
    carrier.code: carrier
    for carrier in (
        Carrier(
            *("sf", "顺丰速运", "SF Express"),
            called=("顺丰", "sf", "shunfeng"),
            form=r"SF\d{12,13}",
            kuaidi100="shunfeng",
            kdniao="SF",
            link="https://www.sf-express.com/cn/sc/dynamic_function/waybill/#search/bill-number/{number}",
        ),
        Carrier(
            *("zto", "中通快递", "ZTO Express"),
            called=("中通", "zto", "zhongtong"),
            form=r"7\d{11,13}",
            kuaidi100="zhongtong",
            kdniao="ZTO",
            link="https://www.zto.com/GuestService/Bill?txtWaybillNo={number}",
        ),
        Carrier(
            *("yto", "圆通速递", "YTO Express"),
            called=("圆通", "yto", "yuantong"),
            form=r"YT\d{13}",
            kuaidi100="yuantong",
            kdniao="YTO",
        ),
        Carrier(
            *("sto", "申通快递", "STO Express"),
            called=("申通", "sto", "shentong"),
            form=r"77\d{11,13}",
            kuaidi100="shentong",
            kdniao="STO",
        ),
        Carrier(
            *("yunda", "韵达快递", "Yunda Express"),
            called=("韵达", "yunda", "yd"),
            form=r"[34]\d{12,14}",
            kuaidi100="yunda",
            kdniao="YD",
        ),
        Carrier(
            *("jd", "京东快递", "JD Logistics"),
            called=("京东", "jd", "jdl"),
            form=r"JD[A-Z]{0,3}\d{10,15}",
            kuaidi100="jd",
            kdniao="JD",
            link="https://www.jdl.com/orderSearch/?orderId={number}",
        ),
        Carrier(
            *("ems", "EMS", "EMS"),
            called=("ems",),
            form=r"[A-Z]{2}\d{9}[A-Z]{2}|[19]\d{12}",
            kuaidi100="ems",
            kdniao="EMS",
        ),
        Carrier(
            *("post", "中国邮政", "China Post"),
            called=("邮政", "chinapost", "yzpy", "youzhengguonei"),
            form=r"[A-Z]{2}\d{9}[A-Z]{2}|[19]\d{12}",
            kuaidi100="youzhengguonei",
            kdniao="YZPY",
        ),
        Carrier(
            *("jt", "极兔速递", "J&T Express"),
            called=("极兔", "j&t", "jt", "jtexpress", "jtsd"),
            form=r"JT\d{13}",
            kuaidi100="jtexpress",
            kdniao="JTSD",
            link="https://www.jtexpress.com.cn/index/waybill/trace?waybillno={number}",
        ),
        Carrier(
            *("deppon", "德邦快递", "Deppon"),
            called=("德邦", "deppon", "dbl", "debangkuaidi"),
            form=r"DPK\d{11,14}",
            kuaidi100="debangkuaidi",
            kdniao="DBL",
        ),
        Carrier(*("other", "其他快递", "Another carrier"), called=("其他", "anothercarrier"), form=r".+"),
    )
}
"""Every carrier by its code. What is written over one stands in order: EMS is of the post, and named beside it."""

HAN = re.compile("[\u3400-\u9fff]")


def carrier_in(text: str) -> Carrier | None:
    """Return the carrier that words in a sheet mean, such as 顺丰速运 or "ZTO Express"; None for none, or for two."""
    word = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    found = [one for one in CARRIERS.values() if any(_means(word, name) for name in (one.code, *one.called))]
    if len(found) == 2 and [one.code for one in found] == ["ems", "post"]:
        return found[0]
    return found[0] if len(found) == 1 else None


def _means(word: str, name: str) -> bool:
    """Whether the word has the name in it: one in Han characters anywhere, one in letters with no letter beside it."""
    if HAN.search(name):
        return name in word
    at = re.search(f"(?<![a-z]){re.escape(name)}(?:express|logistics|ems)?(?![a-z])", word)
    return at is not None


def plain(number: str) -> str:
    """Return a number as carriers write it: typed in full width, in small letters or with blanks it is the same one."""
    wide = unicodedata.normalize("NFKC", number)
    return "".join(char for char in wide if not char.isspace() and unicodedata.category(char) != "Cf").upper()


def looks_odd(carrier: str, number: str) -> bool:
    """Return whether a number does not look like one of this carrier; of one that no table has, none does."""
    known = CARRIERS.get(carrier)
    return known is not None and re.fullmatch(known.form, number, re.ASCII) is None


def followed_at(carrier: str, number: str) -> str:
    """Return the address at which a number is followed: at the carrier's own, else where all are."""
    known = CARRIERS.get(carrier)
    code = known.kuaidi100 if known else ""
    where = (known.link if known else "") or (FOLLOWED_AT if code else FOLLOWED_AT.replace("com={code}&", ""))
    return where.format(code=code, number=_escaped(number))


def name_of(carrier: str, lang: str) -> str:
    """Return what a carrier is called; its code where the table lacks it."""
    known = CARRIERS.get(carrier)
    return (known.zh if lang == "zh" else known.en) if known else carrier


def check(carrier: str, pointer: str = "/carrier") -> None:
    """Raise Invalid, at the pointer, for what is no carrier of the table."""
    if carrier not in CARRIERS:
        raise Invalid([Fault(pointer, f"one of: {', '.join(CARRIERS)}")])


def _escaped(text: str) -> str:
    """Text as a part of a link."""
    return "".join(chr(byte) if byte < 128 and chr(byte).isalnum() else f"%{byte:02X}" for byte in text.encode())
