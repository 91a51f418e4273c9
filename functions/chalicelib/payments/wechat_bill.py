"""WeChat Pay's bill of a day ("申请交易账单", bill_type ALL): payments and refunds in one table, in yuan."""

import hashlib
import hmac
import re
import zlib
from datetime import UTC, date, datetime

from chalicelib.domain.calendar import VILLAGE, day_ends
from chalicelib.domain.payments.news import Row, RowKind
from chalicelib.payments.port import Away

NEEDED = {"交易时间", "微信订单号", "商户订单号", "交易状态"}
NAME, SUMS = "商品名称", "总交易单数"
GONE = frozenset({"FAIL", "CLOSED", "CHANGE"})
"""States of a refund whose money has not gone back the way it came: a person looks at it."""
GZIP = b"\x1f\x8b"
MOST = 256 << 20
"""Bytes of the unpacked bill."""


def unpacked(packed: bytes, sha1: str) -> bytes:
    """Return the bill out of its gzip; raise Away where it is cut off or not what WeChat Pay has named by its hash.

    What is unpacked already, as by whoever handed it on, is judged by its hash alone.
    """
    bill = packed
    if packed.startswith(GZIP):
        try:
            bill = zlib.decompressobj(wbits=31).decompress(packed, MOST)
        except zlib.error:
            raise Away("the bill is no gzip") from None
    digest = hashlib.sha1(bill, usedforsecurity=False).hexdigest()
    if not hmac.compare_digest(digest.encode(), sha1.lower().encode()):
        raise Away("the bill is not the one whose hash WeChat Pay has named")
    return bill


def rows(bill: bytes, day: date) -> list[Row]:
    """Return the rows of a bill; raise Away where it has no table.

    Columns are found by name. Each value begins with a backtick, and so a comma in a name is no new column.
    """
    lines = [line.rstrip("\r") for line in bill.decode("utf-8-sig", "replace").split("\n")]
    head = lines[0].split(",")
    if not set(head) >= NEEDED:
        raise Away("the bill has no table of payments")
    found = []
    for number, line in enumerate(lines[1:], 2):
        if line.startswith(SUMS):
            break
        if line:
            found.append(_row(head, line.removeprefix("`").split(",`"), number, day))
    return found


def fen(text: str) -> int:
    """Return yuan as fen: "-12.05" is -1205, and of half a fen a whole one; raise ValueError for no amount."""
    found = re.fullmatch(r"([+-]?)([0-9]{1,9})(?:\.([0-9]{1,8}))?", text.strip(), re.ASCII)
    if not found:
        raise ValueError("no amount in yuan")
    amount = (int(found[2]) * 1000 + int((found[3] or "").ljust(3, "0")[:3]) + 5) // 10
    return -amount if found[1] == "-" else amount


def _row(head: list[str], cells: list[str], line: int, day: date) -> Row:
    """Returns one row; what cannot be read is told too, for a person to look at."""
    if (over := len(cells) - len(head)) > 0 and NAME in head:  # a name that looks like the end of its column
        at = head.index(NAME)
        cells[at : at + over + 1] = [",`".join(cells[at : at + over + 1])]
    found = dict(zip(head, cells, strict=True)) if len(cells) == len(head) else {}
    state, refunded = found.get("交易状态", ""), found.get("退款状态", "")
    kind, columns = RowKind.OTHER, ("订单金额", "应结订单金额")
    if state == "SUCCESS":
        kind = RowKind.PAYMENT
    elif state == "REFUND":
        kind, columns = RowKind.OTHER if refunded in GONE else RowKind.REFUND, ("申请退款金额", "退款金额")
    try:
        amount = fen(next(found[column] for column in columns if column in found))
        fee = fen(found.get("手续费") or "0")
        moved = datetime.strptime(found["交易时间"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=VILLAGE).astimezone(UTC)
    except (ValueError, KeyError, StopIteration):
        kind, amount, fee, moved = RowKind.OTHER, 0, 0, day_ends(day)
    return Row(
        kind=kind,
        reference=found.get("商户订单号", ""),
        payment=found.get("微信订单号", ""),
        amount=amount,
        currency=found.get("货币种类") or "CNY",
        at=moved,
        line=line,
        key=found.get("商户退款单号", "") if state == "REFUND" else "",
        refund=found.get("微信退款单号", "") if state == "REFUND" else "",
        fee=fee,
        detail=f"{state} {refunded}".strip()[:40] if kind is RowKind.OTHER else "",
    )
