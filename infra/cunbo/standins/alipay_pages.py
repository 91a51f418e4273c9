"""What somebody sees who pays at the stand-in of Alipay: a page with the amount and three buttons, without scripts."""

from collections.abc import Mapping
from html import escape

from chalicelib.payments.port import Reply

from cunbo.standins.base import language
from cunbo.standins.base import page as framed

WORDS = {
    "zh": {
        "title": "支付宝（演示，不收钱）",
        "note": "这是支付宝的替身，不会动用真钱。",
        "number": "订单号",
        "pay": "确认付款",
        "fail": "付款失败（余额不足）",
        "leave": "先不付了，返回商家",
        "failed": "余额不足，请换一种方式，或返回商家。",
        "ended": "这笔订单不能付款",
        "back": "回到商家",
    },
    "en": {
        "title": "Alipay (demo, no money moves)",
        "note": "This stands in for Alipay. No real money is used.",
        "number": "Order",
        "pay": "Pay now",
        "fail": "Fail to pay (balance too low)",
        "leave": "Leave, and go back to the shop",
        "failed": "Your balance is too low. Try another way, or go back to the shop.",
        "ended": "This order cannot be paid",
        "back": "Back to the shop",
    },
}
STYLE = (
    "body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f5f5f5;color:#222}"
    "header{background:#0b63ce;color:#fff;padding:.8rem 1rem;font-weight:600}"
    "main{max-width:26rem;margin:1rem auto;padding:1.5rem 1rem;background:#fff;border-radius:12px;text-align:center}"
    ".amount{font-size:2.2rem;font-weight:700;margin:.3rem 0}"
    ".quiet{color:#595959;font-size:.85rem;overflow-wrap:anywhere}"
    ".warn{color:#b00020}button{display:block;width:100%;min-height:48px;margin:.6rem 0;font:inherit;border-radius:8px;"
    "border:1px solid #0b63ce;background:#fff;color:#0b63ce}button.first{background:#0b63ce;color:#fff}"
)


def page(number: str, amount: int, subject: str, headers: Mapping[str, str], *, failed: bool = False) -> Reply:
    """Return the page where an amount in fen is paid, or is not."""
    words = _words(headers)
    buttons = "".join(
        f'<button name="act" value="{act}"{" class=first" if act == "pay" else ""}>{words[act]}</button>'
        for act in ("pay", "fail", "leave")
    )
    warning = f'<p class="warn" role="alert">{words["failed"]}</p>' if failed else ""
    main = (
        f'<p>{escape(subject)}</p><p class="amount">¥{amount // 100}.{amount % 100:02}</p>{warning}'
        f'<form method="post" action="cashier"><input type="hidden" name="number" value="{escape(number)}">{buttons}'
        f'</form><p class="quiet">{words["number"]} {escape(number)}</p><p class="quiet">{words["note"]}</p>'
    )
    return _html(200, main, headers)


def ended(code: str, headers: Mapping[str, str], back: str = "") -> Reply:
    """Return the page of a link that cannot be paid, with Alipay's code for why, and the way back where it has one."""
    words = _words(headers)
    way = f'<p><a href="{escape(back)}">{words["back"]}</a></p>' if back else ""
    main = f'<p class="warn">{words["ended"]}</p>{way}<p class="quiet">{escape(code)}</p>'
    return _html(400, main, headers)


def _words(headers: Mapping[str, str]) -> Mapping[str, str]:
    return WORDS[language(headers)]


def _html(status: int, main: str, headers: Mapping[str, str]) -> Reply:
    return framed(status, language(headers), _words(headers)["title"], STYLE, main)
