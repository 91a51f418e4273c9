"""What somebody sees who pays at the stand-in of Stripe: a page with the amount and three buttons, without scripts."""

from html import escape

from chalicelib.payments.port import Reply

from cunbo.standins.base import page

WORDS = {
    "zh": {
        "title": "Stripe 收银台（演示，不收钱）",
        "note": "这是 Stripe 的替身，不会动用真钱。",
        "pay": "用银行卡付款",
        "fail": "付款失败（银行拒绝）",
        "leave": "先不付了，返回商家",
        "failed": "银行拒绝了这张卡，请换一张，或返回商家。",
        "ended": "这个付款页面已经失效",
        "back": "请回到商家的页面。",
    },
    "en": {
        "title": "Stripe Checkout (demo, no money moves)",
        "note": "This stands in for Stripe. No real money is used.",
        "pay": "Pay by card",
        "fail": "Fail to pay (declined by the bank)",
        "leave": "Leave, and go back to the shop",
        "failed": "The bank declined the card. Try another, or go back to the shop.",
        "ended": "This page to pay on has ended",
        "back": "Please go back to the shop's page.",
    },
}
STYLE = (
    "body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f6f7fb;color:#1f2333}"
    "header{background:#4b3fbf;color:#fff;padding:.8rem 1rem;font-weight:600}"
    "main{max-width:26rem;margin:1rem auto;padding:1.5rem 1rem;background:#fff;border-radius:12px;text-align:center}"
    ".amount{font-size:2.2rem;font-weight:700;margin:.3rem 0}.quiet{color:#595f73;font-size:.85rem}"
    ".warn{color:#b00020}button{display:block;width:100%;min-height:48px;margin:.6rem 0;font:inherit;border-radius:8px;"
    "border:1px solid #4b3fbf;background:#fff;color:#4b3fbf}button.first{background:#4b3fbf;color:#fff}"
)


def pay_page(title: str, amount: int, lang: str, *, failed: bool = False) -> Reply:
    """Return the page where an amount in fen is paid, or is not."""
    words = WORDS[lang]
    buttons = "".join(
        f'<button name="act" value="{act}"{" class=first" if act == "pay" else ""}>{words[act]}</button>'
        for act in ("pay", "fail", "leave")
    )
    warning = f'<p class="warn" role="alert">{words["failed"]}</p>' if failed else ""
    main = (
        f'<p>{escape(title)}</p><p class="amount">¥{amount // 100}.{amount % 100:02}</p>{warning}'
        f'<form method="post">{buttons}</form><p class="quiet">{words["note"]}</p>'
    )
    return _html(200, main, lang)


def over_page(lang: str, back: str) -> Reply:
    """Return the page that cannot be paid on any more, with a way back where there is one."""
    words = WORDS[lang]
    way = f'<a href="{escape(back)}">{words["back"]}</a>' if back else words["back"]
    return _html(410, f'<p class="warn">{words["ended"]}</p><p>{way}</p>', lang)


def _html(status: int, main: str, lang: str) -> Reply:
    return page(status, lang, WORDS[lang]["title"], STYLE, main)
