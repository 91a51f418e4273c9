"""Alipay's bill of a day ("业务明细"): a zip of tables in GBK, with lines of remarks and tabs after numbers."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.payments.news import Row, RowKind
from chalicelib.payments.port import Away

KINDS = {"交易": RowKind.PAYMENT, "退款": RowKind.REFUND}
NEEDED = {"支付宝交易号", "商户订单号", "业务类型", "完成时间", "订单金额"}
NAME = "商品名称"
MOST = 256 << 20
"""Bytes of the unpacked tables."""


def rows(packed: bytes) -> list[Row]:
    """Return the rows of a bill; raise Away where it cannot be read, since what was fetched may be cut off.

    Of the two tables in it (rows, and sums by till) the one with rows is told by its head. Columns are found by name.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST:
                raise Away("the bill is too large")
            for entry in archive.infolist():
                lines = _cells(archive.read(entry).decode("gb18030", "replace"))
                head = next(lines, (0, []))[1]
                if set(head) >= NEEDED:
                    return [_row(head, cells, line) for line, cells in lines]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Away(f"the bill is no zip: {type(error).__name__}") from None
    raise Away("the bill has no table of trades")


def fen(text: str) -> int:
    """Return yuan as fen: "-12.05" is -1205; raise ValueError for anything that is no amount."""
    found = re.fullmatch(r"([+-]?)([0-9]{1,9})(?:\.([0-9]{1,2}))?", text.strip().replace(",", ""), re.ASCII)
    if not found:
        raise ValueError("no amount in yuan")
    amount = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return -amount if found[1] == "-" else amount


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yields each line of the table with its number, without remarks; heads lose their unit, as in 服务费（元）."""
    width = at = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in next(csv.reader([line]), [])]
        if not width:
            cells = [re.sub(r"[（(].*", "", cell) for cell in cells]
            width, at = len(cells), cells.index(NAME) if NAME in cells else 0
        elif (over := len(cells) - width) > 0:  # a name with commas, which Alipay does not put into quotes
            cells[at : at + over + 1] = [",".join(cells[at : at + over + 1])]
        yield number, cells


def _row(head: list[str], cells: list[str], line: int) -> Row:
    """Returns one row; what cannot be read is told too, for a person to look at."""
    found = dict(zip(head, cells, strict=False))
    kind = KINDS.get(found.get("业务类型", ""), RowKind.OTHER)
    try:
        amount, fee = abs(fen(found["订单金额"])), -fen(found.get("服务费") or "0")
        ended = datetime.strptime(found["完成时间"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=VILLAGE)
    except (ValueError, KeyError):
        kind, amount, fee, ended = RowKind.OTHER, 0, 0, datetime.fromtimestamp(0, UTC)
    return Row(
        kind=kind,
        reference=found.get("商户订单号", ""),
        payment=found.get("支付宝交易号", ""),
        amount=amount,
        currency="CNY",
        at=ended.astimezone(UTC),
        line=line,
        key=found.get("退款批次号/请求号", "") if kind is RowKind.REFUND else "",
        fee=fee,
        detail="" if kind in KINDS.values() else found.get("业务类型", "")[:40],
    )
