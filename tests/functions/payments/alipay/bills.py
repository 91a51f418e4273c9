"""Alipay's bill of a day, as it is sent."""

import io
import zipfile

REFERENCE = "1" * 20 + "_1"
HEAD = "支付宝交易号,商户订单号,业务类型,商品名称,完成时间,订单金额（元）,退款批次号/请求号,服务费（元）,备注"
PAYMENT = f"2026\t,{REFERENCE}\t,交易\t,辣白菜,2026-11-24 23:59:00,59.80,\t,-0.36,"


def packed(*tables: str, charset: str = "gb18030") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, table in enumerate(tables):
            archive.writestr(f"{number}.csv", table.encode(charset))
    return out.getvalue()


def table(*lines: str, head: str = HEAD) -> str:
    return "\r\n".join(["#支付宝业务明细查询", "#---", head, *lines, "#----结束", "#交易合计：1笔", ""])
