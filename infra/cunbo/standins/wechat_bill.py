"""The stand-in's bill of a day, as WeChat Pay makes it: a table with a mark at its start and backticks, then sums."""

import gzip
import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,"
    "代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,"
    "申请退款金额,费率备注"
)
SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
FEE = 6
"""Of a thousand."""


class WechatBillLine(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of a bill; `amount` is in fen, and `key` is the shop's of a refund."""

    kind: str
    transaction: str
    number: str
    description: str
    openid: str
    amount: int
    coupon: int
    at: datetime
    key: str
    refund_id: str


def bill(appid: str, mchid: str, lines: Sequence[WechatBillLine], odd: Sequence[str]) -> tuple[bytes, str]:
    """Return the packed bill, and the SHA1 of it unpacked; `odd` are rows that stand after all others, as they are."""
    paid = sum(line.amount for line in lines if not line.key)
    back = sum(line.amount for line in lines if line.key)
    fees = sum(map(_fee, lines))
    sums = [f"{len(lines)}.0", _yuan(paid), _yuan(back), "0.00", _yuan(fees), _yuan(paid), _yuan(back)]
    rows = [HEAD, *(_row(appid, mchid, line) for line in lines), *odd, SUMS, _ticked(sums)]
    text = "\ufeff" + "\r\n".join([*rows, ""])
    whole = text.encode()
    return gzip.compress(whole, mtime=0), hashlib.sha1(whole, usedforsecurity=False).hexdigest()


def _row(appid: str, mchid: str, line: WechatBillLine) -> str:
    amount, back = _yuan(line.amount), bool(line.key)
    return _ticked(
        [
            f"{line.at:%Y-%m-%d %H:%M:%S}",
            *(appid, mchid, "0", "", line.transaction, line.number, line.openid, line.kind),
            "REFUND" if back else "SUCCESS",
            *("OTHERS", "CNY", "0.00" if back else amount, "0.00"),
            *((line.refund_id, line.key, amount, "0.00", "ORIGINAL", "SUCCESS") if back else REST),
            *(line.description, "", f"{_yuan(_fee(line))}000", "0.60%"),
            *(("0.00", amount) if back else (amount, "0.00")),
            "",
        ]
    )


REST = ("0", "0", "0.00", "0.00", "", "")
"""What a payment has in the columns of refunds."""


def _fee(line: WechatBillLine) -> int:
    return 0 if line.key else (line.amount * FEE + 500) // 1000


def _ticked(cells: Sequence[str]) -> str:
    return ",".join(f"`{cell}" for cell in cells)


def _yuan(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"
