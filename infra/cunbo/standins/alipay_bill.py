"""The stand-in's bill of a day, as Alipay makes it: a zip with two tables, names and text in GBK, remarks, tabs."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

FORMAT = "%Y-%m-%d %H:%M:%S"
HEAD = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,"
    "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)
SUMS = "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,服务费（元）"
FEE = 6
"""Of a thousand."""


class BillLine(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of a bill; `amount` is in fen, and negative for money that went back."""

    trade_no: str
    number: str
    subject: str
    amount: int
    ended: datetime
    key: str


def bill(seller: str, day: datetime, lines: Sequence[BillLine], odd: Sequence[str]) -> bytes:
    """Return the zip of a day that begins at `day`; `odd` are rows that stand after all others, as they are."""
    span = f"#起始日期：[{day:%Y年%m月%d日 %H:%M:%S}]   终止日期：[{day + timedelta(days=1):%Y年%m月%d日 %H:%M:%S}]"
    rule = "#-----------------------------------------业务明细列表"
    paid = [line.amount for line in lines if line.amount > 0]
    back = [line.amount for line in lines if line.amount < 0]
    rows = [
        "#支付宝业务明细查询",
        f"#账号：[{seller}0156]",
        span,
        f"{rule}----------------------------------------",
        HEAD,
        *map(_row, lines),
        *odd,
        f"{rule}结束------------------------------------",
        f"#交易合计：{len(paid)}笔，商家实收共{_yuan(sum(paid))}元，商家优惠共0.00元",
        f"#退款合计：{len(back)}笔，商家实收退款共{_yuan(sum(back))}元，商家优惠退款共0.00元",
        f"#导出时间：[{day + timedelta(days=1, hours=9):%Y年%m月%d日 %H:%M:%S}]",
    ]
    sums = [
        "#支付宝业务汇总查询",
        f"#账号：[{seller}0156]",
        span,
        SUMS,
        f"合计\t,\t,{len(paid)},{len(back)},{_yuan(sum(paid))},,",
    ]
    stem = f"{seller}0156_{day:%Y%m%d}_"
    return _zip({f"{stem}业务明细(汇总).csv": sums, f"{stem}业务明细.csv": rows})


def _row(line: BillLine) -> str:
    kind, ended = ("交易" if line.amount > 0 else "退款"), line.ended.strftime(FORMAT)
    fee = -((line.amount * FEE + 500) // 1000) if line.amount > 0 else 0
    amount = _yuan(line.amount)
    names = [f"{line.trade_no}\t", f"{line.number}\t", f"{kind}\t", line.subject, ended, ended, *["\t"] * 4]
    amounts = ["**村(vil***@example.com)\t", amount, amount, *["0.00"] * 5, "", "0.00\t", "0.00"]
    return ",".join([*names, *amounts, f"{line.key}\t", _yuan(fee), "0.00", ""])


def _yuan(amount: int) -> str:
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:02}"


def _zip(tables: dict[str, list[str]]) -> bytes:
    """Packs tables under names in GBK, which Python's zipfile cannot write: stand-ins of the same length go first."""
    out = io.BytesIO()
    names: dict[bytes, bytes] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, lines) in enumerate(tables.items()):
            place = f"{number}".rjust(len(name.encode("gbk")), "@")
            names[place.encode()] = name.encode("gbk")
            archive.writestr(place, "\r\n".join([*lines, ""]).encode("gb18030"))
    packed = out.getvalue()
    for plain, real in names.items():
        packed = packed.replace(plain, real)
    return packed
