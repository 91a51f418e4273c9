"""Carriers as data: what each is called, how its numbers look, where a parcel is followed. Pure, no I/O.

**To add a carrier, add a line to `CARRIERS`, and its id to `Carrier` in openapi.yaml.** Numbers of carriers overlap and
change, so a number that looks odd is a warning and never refused. Links rot: a number can be copied as well, and
a number without a link of its own is followed at 快递100, which asks which carrier it is.
"""

import re
from typing import NamedTuple

from chalicelib.domain.errors import Fault, Invalid


class Carrier(NamedTuple):
    """A carrier: its names, the pattern of its numbers, its page to follow one ({number}), and its codes elsewhere.

    `kuaidi100` and `kdniao` are what those two services call it; empty where they do not know it.
    """

    zh: str
    en: str
    number: str
    link: str = ""
    kuaidi100: str = ""
    kdniao: str = ""


FOLLOWED_AT = "https://www.kuaidi100.com/chaxun?com={code}&nu={number}"
"""Where a parcel is followed whose carrier has no page that opens at a number."""
S10 = r"[A-Z]{2}\d{9}[A-Z]{2}"
"""Numbers by the Universal Postal Union's standard S10."""

CARRIERS = {
    "sf": Carrier(
        "顺丰速运",
        "SF Express",
        r"SF\d{12,13}|\d{12}",
        "https://www.sf-express.com/cn/sc/dynamic_function/waybill/#search/bill-number/{number}",
        "shunfeng",
        "SF",
    ),
    "zto": Carrier(
        "中通快递",
        "ZTO Express",
        r"7\d{11,13}",
        "https://www.zto.com/GuestService/Bill?txtWaybillNo={number}",
        "zhongtong",
        "ZTO",
    ),
    "yto": Carrier("圆通速递", "YTO Express", r"YT\d{13}", "", "yuantong", "YTO"),
    "sto": Carrier("申通快递", "STO Express", r"77\d{11,13}", "", "shentong", "STO"),
    "yunda": Carrier("韵达快递", "Yunda Express", r"[34]\d{12,14}", "", "yunda", "YD"),
    "jt": Carrier(
        "极兔速递",
        "J&T Express",
        r"JT\d{13}",
        "https://www.jtexpress.com.cn/index/waybill/trace?waybillno={number}",
        "jtexpress",
        "JTSD",
    ),
    "jd": Carrier(
        "京东快递",
        "JD Logistics",
        r"JD[A-Z]{0,3}\d{10,15}",
        "https://www.jdl.com/orderSearch/?orderId={number}",
        "jd",
        "JD",
    ),
    "ems": Carrier("EMS", "EMS", rf"{S10}|[19]\d{{12}}", "", "ems", "EMS"),
    "post": Carrier("邮政快递包裹", "China Post", rf"{S10}|[19]\d{{12}}", "", "youzhengguonei", "YZPY"),
    "deppon": Carrier("德邦快递", "Deppon Express", r"DPK\d{11,14}", "", "debangkuaidi", "DBL"),
    "other": Carrier("其他快递", "Another carrier", r".+"),
}
"""The carriers, by the id that is stored of a parcel."""


def check(carrier: str, pointer: str = "/carrier") -> None:
    """Raise Invalid, at the pointer, for what is no carrier of the table."""
    if carrier not in CARRIERS:
        raise Invalid([Fault(pointer, f"one of: {', '.join(CARRIERS)}")])


def is_odd(carrier: str, tracking: str) -> bool:
    """Return whether a number looks like none of this carrier's: worth a second look, and never a reason to refuse."""
    known = CARRIERS.get(carrier)
    return bool(tracking and known and not re.fullmatch(known.number, tracking, re.ASCII))


def link_of(carrier: str, tracking: str) -> str:
    """Return where the parcel of a number is followed; empty where it has no number yet."""
    if not tracking:
        return ""
    known = CARRIERS.get(carrier, CARRIERS["other"])
    where = known.link or (FOLLOWED_AT if known.kuaidi100 else FOLLOWED_AT.replace("com={code}&", ""))
    return where.format(code=known.kuaidi100, number=_escaped(tracking))


def _escaped(text: str) -> str:
    """Text as a part of a link."""
    return "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02X}" for byte in text.encode())


def name_of(carrier: str, lang: str) -> str:
    """Return what a carrier is called; its id where the table lacks it."""
    known = CARRIERS.get(carrier)
    return (known.zh if lang == "zh" else known.en) if known else carrier
