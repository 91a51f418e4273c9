"""The carriers as a table of data: what each is called, what its numbers look like, and where one is followed.

Numbers overlap and their forms change, so one that looks odd is warned of and never refused. Links rot: a page shows
the number itself, and what finds it where the link does not.
"""

import re
import unicodedata

import msgspec


class Carrier(msgspec.Struct, frozen=True):
    """A carrier by its `code`; `called` is what it is called in sheets, in whatever words stand around that.

    `form` is what its numbers look like, and `link` the page that follows one, with {number} in it; empty: none known.
    `kuaidi100` is its code there.
    """

    code: str
    zh: str
    en: str
    called: tuple[str, ...]
    form: str
    kuaidi100: str
    link: str = ""


FOLLOWED_AT = "https://www.kuaidi100.com/chaxun?nu={number}"
"""Where any carrier's number is followed, in case its own page is gone."""

CARRIERS = {
    carrier.code: carrier
    for carrier in (
        Carrier(
            "sf",
            "顺丰速运",
            "SF Express",
            ("顺丰", "sf", "shunfeng"),
            r"SF\d{12,13}",
            "shunfeng",
            "https://www.sf-express.com/cn/sc/dynamic_function/waybill/#search/bill-number/{number}",
        ),
        Carrier(
            "zto",
            "中通快递",
            "ZTO Express",
            ("中通", "zto", "zhongtong"),
            r"7\d{11,13}",
            "zhongtong",
            "https://www.zto.com/GuestService/Bill?txtWaybillNo={number}",
        ),
        Carrier("yto", "圆通速递", "YTO Express", ("圆通", "yto", "yuantong"), r"YT\d{13}", "yuantong"),
        Carrier("sto", "申通快递", "STO Express", ("申通", "sto", "shentong"), r"77\d{11,13}", "shentong"),
        Carrier("yunda", "韵达快递", "Yunda Express", ("韵达", "yunda", "yd"), r"[34]\d{12,14}", "yunda"),
        Carrier(
            "jd",
            "京东快递",
            "JD Logistics",
            ("京东", "jd", "jdl"),
            r"JD[A-Z]{0,3}\d{10,15}",
            "jd",
            "https://www.jdl.com/orderSearch/?orderId={number}",
        ),
        Carrier("ems", "EMS", "EMS", ("ems",), r"[A-Z]{2}\d{9}[A-Z]{2}|[19]\d{12}", "ems"),
        Carrier(
            "post",
            "中国邮政",
            "China Post",
            ("邮政", "chinapost", "yzpy", "youzhengguonei"),
            r"[A-Z]{2}\d{9}[A-Z]{2}|[19]\d{12}",
            "youzhengguonei",
        ),
        Carrier(
            "jt",
            "极兔速递",
            "J&T Express",
            ("极兔", "j&t", "jt", "jtexpress", "jtsd"),
            r"JT\d{13}",
            "jtexpress",
            "https://www.jtexpress.com.cn/index/waybill/trace?waybillno={number}",
        ),
        Carrier(
            "deppon", "德邦快递", "Deppon", ("德邦", "deppon", "dbl", "debangkuaidi"), r"DPK\d{11,14}", "debangkuaidi"
        ),
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


def looks_odd(carrier: str, number: str) -> bool:
    """Return whether a number does not look like one of this carrier; of one that no table has, none does."""
    known = CARRIERS.get(carrier)
    return known is not None and re.fullmatch(known.form, number, re.ASCII) is None


def followed_at(carrier: str, number: str) -> str:
    """Return the address at which a number is followed: at the carrier's own, else where all are."""
    known = CARRIERS.get(carrier)
    return ((known.link if known else "") or FOLLOWED_AT).format(number=number)
