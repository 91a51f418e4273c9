"""Where somebody who tries the shop moves a parcel on, at the stand-in of 快递100: buttons, without scripts."""

from collections.abc import Iterable, Mapping
from html import escape

from chalicelib.network import Reply

from cunbo.standins.base import language
from cunbo.standins.base import page as framed

MOVES = {
    "taken": ("1", "已揽收"),
    "underway": ("0", "已到达长春转运中心，正发往下一站"),
    "locker": ("5", "已放入快递柜，请凭取件码领取"),
    "delivered": ("3", "已签收，签收人：本人"),
    "trouble": ("2", "收件人电话无人接听"),
    "returning": ("6", "退回中"),
}
"""What can become of a parcel, by the name of its button: the state that 快递100 tells, and its words."""
WORDS = {
    "zh": {
        "title": "快递100（演示，没有真包裹）",
        "note": "这是快递100的替身。填好运单号、交出去的包裹几秒内会列在这里；点一下，包裹就走一步，订单页跟着变。",
        "none": "还没有包裹。",
        "nothing": "还没有消息",
        "taken": "已揽收",
        "underway": "运输中",
        "locker": "放进快递柜",
        "delivered": "已签收",
        "trouble": "联系不上收件人",
        "returning": "退回",
    },
    "en": {
        "title": "快递100 (demo, no real parcels)",
        "note": "This stands in for 快递100. A parcel with a number that was handed over is listed within seconds."
        " Each button moves it on, and the order's page follows.",
        "none": "No parcels yet.",
        "nothing": "no news yet",
        "taken": "Taken over",
        "underway": "On its way",
        "locker": "Put in a locker",
        "delivered": "Delivered",
        "trouble": "Nobody answers",
        "returning": "Coming back",
    },
}
STYLE = (
    "body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f5f5f5;color:#222}"
    "header{background:#7a4a00;color:#fff;padding:.8rem 1rem;font-weight:600}"
    "main{max-width:34rem;margin:1rem auto;padding:1rem;background:#fff;border-radius:12px}"
    "form{border-top:1px solid #ddd;padding:.6rem 0;overflow-wrap:anywhere}"
    "button{min-height:48px;margin:.3rem .3rem 0 0;padding:0 .8rem;font:inherit;border-radius:8px;"
    "border:1px solid #7a4a00;background:#fff;color:#7a4a00}"
)


def parcels_page(parcels: Iterable[tuple[str, str, str]], headers: Mapping[str, str]) -> Reply:
    """Return the page of these parcels: each with its company, its number and what was last said of it."""
    lang = language(headers)
    words = WORDS[lang]
    buttons = "".join(f'<button name="move" value="{name}">{words[name]}</button>' for name in MOVES)
    rows = [
        f'<form method="post" action="/"><input type="hidden" name="number" value="{escape(number)}">'
        f"<b>{escape(number)}</b> {escape(company)}<br>{escape(said or words['nothing'])}<br>{buttons}</form>"
        for company, number, said in parcels
    ]
    main = f"<p>{words['note']}</p>{''.join(rows) or '<p>' + words['none'] + '</p>'}"
    return framed(200, lang, words["title"], STYLE, main)
