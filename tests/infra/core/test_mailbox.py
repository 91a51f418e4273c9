"""The mailbox of the local stack: a file for each letter, and a page with letters and text messages in order."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from types import SimpleNamespace

from cunbo.core.mailbox import PAGE, Mailbox

from tests.infra.loop import run


def letter(subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["To"] = subject, "wang@example.com"
    mail.set_content(text)
    mail.add_alternative("<p>not shown</p>", subtype="html")
    return mail


def deliver(mailbox: Mailbox, mail: EmailMessage) -> None:
    envelope = SimpleNamespace(original_content=mail.as_bytes(policy=SMTP))
    assert run(lambda: mailbox.handle_DATA(None, None, envelope)) == "250 OK"


def test_letters_and_text_messages_stand_on_one_page_in_their_order_for_the_owner_alone(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path / "mail")
    link = "https://shop.example.cn/order/#1.a_b-c"
    deliver(mailbox, letter("订单 1 的链接", f"查看订单：\n{link}\n"))
    deliver(mailbox, letter("SMS +8613900139000 (2)", f"【村播小铺】 {link}"))
    page = tmp_path / "mail" / PAGE
    text = page.read_text()
    assert text.index("订单 1 的链接") < text.index("SMS +8613900139000 (2)")
    assert text.count(f'<a href="{link}">{link}</a>') == 2
    assert text.count("<!doctype html>") == 1 and "not shown" not in text
    assert len([*(tmp_path / "mail").glob("*.eml")]) == 2
    assert page.stat().st_mode & 0o777 == 0o600
    deliver(Mailbox(tmp_path / "mail"), letter("after a restart", "x"))
    assert page.read_text().startswith(text)


def test_what_a_letter_says_is_never_a_part_of_the_page(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path)
    deliver(
        mailbox, letter("<script>1</script>", '<img src=x> http://x.example/"onclick="alert(1) javascript:alert(1)')
    )
    text = (tmp_path / PAGE).read_text().partition("</style>")[2]
    assert "<script" not in text and "<img" not in text and 'onclick="' not in text
    assert 'href="javascript' not in text
