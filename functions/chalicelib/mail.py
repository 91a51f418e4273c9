"""Letters to buyers, by SMTP: the one way to send mail that every cloud's region and every village's provider has."""

import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import unquote, urlsplit

from .catalog import Catalog
from .orders import Order

LETTERS = {
    ("placed", "zh"): (
        "订单 {number} 已收到",
        "您好！\n\n我们收到了您的订单，合计 ¥{total}。付款后就为您定下来。\n\n"
        "{lines}\n\n查看订单：\n{link}\n\n{shop}\n",
    ),
    ("placed", "en"): (
        "Order {number} is with us",
        "Hello,\n\nWe have your order, ¥{total} in all. Paying makes it yours.\n\n"
        "{lines}\n\nSee the order:\n{link}\n\n{shop}\n",
    ),
    ("cancelled", "zh"): (
        "订单 {number} 已取消",
        "您好！\n\n订单已取消；如果付过款，会原路退回。\n\n{lines}\n\n查看订单：\n{link}\n\n{shop}\n",
    ),
    ("cancelled", "en"): (
        "Order {number} is cancelled",
        "Hello,\n\nThe order is cancelled; what you paid, if anything, goes back the way it came.\n\n"
        "{lines}\n\nSee the order:\n{link}\n\n{shop}\n",
    ),
    ("postponed", "zh"): (
        "订单 {number} 要晚些发货",
        "您好！\n\n很抱歉，您的订单改到 {ship_by} 前发货。不想等可以免费取消。\n\n"
        "{lines}\n\n查看订单：\n{link}\n\n{shop}\n",
    ),
    ("postponed", "en"): (
        "Order {number} ships later",
        "Hello,\n\nWe are sorry: your order ships by {ship_by} instead. You may cancel it free of charge.\n\n"
        "{lines}\n\nSee the order:\n{link}\n\n{shop}\n",
    ),
    ("link", "zh"): (
        "订单 {number} 的链接",
        "您好！\n\n这是您要的订单链接。\n\n{lines}\n\n查看订单：\n{link}\n\n{shop}\n",
    ),
    ("link", "en"): (
        "The way to order {number}",
        "Hello,\n\nHere is the link to your order.\n\n{lines}\n\nSee the order:\n{link}\n\n{shop}\n",
    ),
    ("paid", "zh"): (
        "订单 {number} 已付款",
        "您好！\n\n我们已收到您的付款 ¥{total}。您的订单将在 {ship_by} 前发货：\n\n{lines}\n\n"
        "查看订单，或在打包前取消：\n{link}\n\n这个链接只属于您，请不要转发。\n\n{shop}\n",
    ),
    ("paid", "en"): (
        "Order {number} is paid",
        "Hello,\n\nWe have received your payment of ¥{total}. Your order ships by {ship_by}:\n\n{lines}\n\n"
        "See the order, or cancel it until it is packed:\n{link}\n\nThe link is yours alone: please do not pass it on."
        "\n\n{shop}\n",
    ),
    ("refunded", "zh"): (
        "订单 {number} 已退款",
        "您好！\n\n订单 {number} 的款项 ¥{refunded} 已原路退回。\n\n{lines}\n\n查看订单：\n{link}\n\n{shop}\n",
    ),
    ("refunded", "en"): (
        "Refund for order {number}",
        "Hello,\n\nWe have returned ¥{refunded} for order {number}, the way it came.\n\n{lines}\n\n"
        "See the order:\n{link}\n\n{shop}\n",
    ),
}
"""Subject and body by letter and language. The day, amounts and lines are the order's own."""


def letter(text: str, order: Order, catalog: Catalog, link: str, sender: str, now: datetime) -> EmailMessage:
    """The letter named `text` to the order's buyer, who must have left an address."""
    subject, body = LETTERS[text, order.lang]
    words = {
        "number": order.number,
        "total": yuan(order.total),
        "refunded": yuan(sum(refund.amount for refund in order.refunds if refund.state == "done")),
        "ship_by": _day(order),
        "lines": "\n".join(f"{line.quantity} × {_name(line.sku, order.lang, catalog)}" for line in order.lines),
        "link": link,
        "shop": getattr(catalog.shop.name, order.lang),
    }
    message = EmailMessage()
    message["Subject"] = subject.format(**words)
    message["From"] = Address(words["shop"], addr_spec=sender)
    message["To"] = order.email
    message["Date"] = now
    message["Message-ID"] = make_msgid(f"{order.number}-{text}", domain=sender.partition("@")[2])
    message.set_content(body.format(**words))
    return message


def send(url: str, message: EmailMessage) -> None:
    """Hands the letter to the server of `url` (smtp://user:password@host:port, smtps:// for TLS from the start).

    Raises OSError or smtplib.SMTPException where the server did not take it.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 0
    trusted = ssl.create_default_context()  # smtplib's own default checks no certificate
    secure = parts.scheme == "smtps"
    server = (
        smtplib.SMTP_SSL(host, port, timeout=10, context=trusted) if secure else smtplib.SMTP(host, port, timeout=10)
    )
    with server:
        if parts.username:
            if not secure:
                server.starttls(context=trusted)
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def yuan(fen: int) -> str:
    """Fen as yuan, by whole numbers only: 2990 is 29.90."""
    return f"{fen // 100}.{fen % 100:02}"


def _day(order: Order) -> str:
    day = order.ship_by
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if order.lang == "zh" else f"{day.day} {day:%B %Y}"


def _name(sku: str, lang: str, catalog: Catalog) -> str:
    """The product's and the pack's name; the SKU where it has left the catalogue since."""
    for product in catalog.products:
        for pack in product.packs:
            if pack.sku == sku:
                return f"{getattr(product.name, lang)}, {getattr(pack.name, lang)}"
    return sku
