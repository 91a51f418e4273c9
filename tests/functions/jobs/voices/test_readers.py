"""The newsletter: confirmed by a letter's link, left with one tap, and a letter to all goes to each once."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
from chalicelib.domain.voices.commands import WriteMailing
from chalicelib.jobs.voices import readers
from chalicelib.mail import Undeliverable
from chalicelib.services.voices.forgetting import forget
from chalicelib.services.voices.newsletter import Newsletter
from chalicelib.storage.voices.readers import Reader

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.world import NOON, World, letter_in

MakeWorld = Callable[..., World]
LETTER = WriteMailing(
    subject_zh="冬至", words_zh="开坛了。\n\n<b>来看</b> https://shop.example.com/", subject_en="", words_en=""
)
ME = "li@example.com"


def said(mail: EmailMessage, form: str = "plain") -> str:
    part = mail.get_body((form,))
    assert part
    return str(part.get_content())


def link(mail: EmailMessage) -> str:
    return next(line for line in said(mail).splitlines() if "/newsletter/#" in line).partition("#")[2]


class Desk:
    """A shop behind its routes, whose newsletter is written to."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        world.settings = msgspec.structs.replace(world.settings, manager_mail="manager@example.com")
        world.shop = world.process(world.shop.catalog)
        self.world, self.http = world, Http(world, patch)
        self.newsletter = Newsletter(world.services.stage, world.store)

    def ask(self, email: str = ME, lang: str = "zh") -> None:
        assert self.http("POST", "/newsletter", {"email": email, "lang": lang}).status_code == 202
        for signup in self.world.store.readers.signups.all():
            self.world.outbox().perform("signup", signup.number)

    def confirm(self, mail: EmailMessage) -> Any:
        number, _, token = link(mail).partition(".")
        return self.http("POST", f"/newsletter/{number}/confirm", Authorization=f"Bearer {token}")

    def names(self) -> list[str]:
        return [one.email for part in range(readers.PARTS) for one in self.world.store.readers.some(part, "", 100)]

    def join(self, count: int) -> None:
        for n in range(count):
            name = self.world.keys.pseudonyms("newsletter", f"r{n}@example.com")[0]
            self.world.store.readers.add(Reader(f"r{n}@example.com", "zh", NOON, name))

    def turn(self, number: str, send: Callable[[EmailMessage], None] | None = None) -> None:
        self.world.outbox(send).perform("mailing", number)


@pytest.fixture
def desk(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(make_world(), monkeypatch)


def test_an_address_is_a_readers_once_its_letters_link_was_opened_and_the_link_is_used_up(desk: Desk) -> None:
    desk.ask("Li+news@example.com", "en")
    [mail] = desk.world.mails
    assert (letter_in(mail)[1], mail["To"], desk.names()) == ("confirm", "Li+news@example.com", [])
    assert "li" not in link(mail).lower().replace("newsletter", "")[:20]
    left = desk.confirm(mail).json_body["leave"]
    assert desk.names() == ["Li+news@example.com"]
    assert is_problem(desk.confirm(mail), 404, "not-found")
    assert desk.http("POST", f"/newsletter/leave/{left}").status_code == 204
    assert (desk.names(), desk.confirm(mail).status_code) == ([], 404)  # an old letter puts nobody back
    desk.ask("li@example.com")
    assert desk.confirm(desk.world.mails[-1]).status_code == 200
    assert desk.names() == ["li@example.com"]
    forget(desk.world.store, desk.world.keys, contact="li@example.com")
    assert desk.names() == []


def test_strangers_cause_few_letters_and_learn_nothing(desk: Desk) -> None:
    for _ in range(8):
        desk.ask()
    assert len(desk.world.mails) == 3
    assert is_problem(desk.http("POST", "/newsletter", {"email": "no address"}), 422, "invalid")
    made_up = desk.http("POST", f"/newsletter/{'1' * 20}/confirm", Authorization="Bearer x")
    assert is_problem(made_up, 401, "unauthorized")
    for name in (f"{'0' * 24}.{'0' * 64}", "x", f"{'0' * 24}."):
        assert is_problem(desk.http("POST", f"/newsletter/leave/{name}"), 404, "not-found")


def test_a_mail_program_leaves_for_its_reader_with_one_post(desk: Desk) -> None:
    desk.join(1)
    made = desk.newsletter.write(LETTER, "k" * 16, "operator")  # type: ignore[arg-type]
    desk.turn(made.number)
    [mail] = desk.world.mails
    assert (mail["Subject"], mail["List-Unsubscribe-Post"]) == ("冬至", "List-Unsubscribe=One-Click")
    url = mail["List-Unsubscribe"].strip("<>")
    assert url.startswith("http://shop/api/newsletter/leave/")
    assert "r0" not in url
    assert "example.com" not in url
    assert "<b>来看</b>" in said(mail)
    assert "&lt;b&gt;" in said(mail, "html")
    assert 'href="https://shop.example.com/"' in said(mail, "html")
    assert f"http://shop/newsletter/#leave.{url.rpartition('/')[2]}" in said(mail)
    path, form = url.removeprefix("http://shop/api"), "application/x-www-form-urlencoded"
    answer = desk.http.client.http.request(
        "POST", path, headers={"Content-Type": form}, body=b"List-Unsubscribe=One-Click"
    )
    assert (answer.status_code, desk.names()) == (204, [])


def test_a_letter_goes_to_each_reader_once_in_portions_whatever_fails_and_to_nobody_who_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "PORTION", 7)
    desk.join(30)
    made = desk.newsletter.write(LETTER, "k" * 16, "operator")  # type: ignore[arg-type]
    assert desk.newsletter.write(LETTER, "k" * 16, "operator") == made  # type: ignore[arg-type]
    got: list[str] = []
    tries = 0

    def send(mail: EmailMessage) -> None:
        nonlocal tries
        tries += 1
        if mail["To"] == "r3@example.com":
            raise Undeliverable
        if tries % 5 == 0:
            raise ConnectionError
        got.append(mail["To"])

    turns = 0
    while not desk.newsletter.mailing(made.number).ended:
        desk.turn(made.number, send)
        turns += 1
        if turns == 2:
            [leaver] = [f"r{n}@example.com" for n in range(30) if f"r{n}@example.com" not in got and n != 3][:1]
            desk.world.store.readers.remove(desk.world.keys.pseudonyms("newsletter", leaver)[0])
        desk.world.later(60)
    assert (
        sorted(got) == sorted({*got}) == sorted({f"r{n}@example.com" for n in range(30)} - {leaver, "r3@example.com"})
    )
    assert desk.newsletter.mailing(made.number).sent == 28
    assert "r3@example.com" not in desk.names()
    desk.turn(made.number, send)
    assert len(got) == 28


def test_a_turn_is_a_minutes_and_the_stream_begins_no_second_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "PORTION", 2)
    desk.join(5)
    made = desk.newsletter.write(LETTER, "k" * 16, "operator")  # type: ignore[arg-type]
    desk.turn(made.number)
    item = desk.world.store.item(f"mailing#{made.number}", "mailing")
    assert item
    assert "todo" not in item
    desk.world.sweep()
    assert len(desk.world.mails) == 2
    desk.world.later(60)
    desk.world.sweep()
    assert len(desk.world.mails) == 4


def test_a_test_goes_to_the_manager_alone(desk: Desk) -> None:
    desk.join(2)
    made = desk.newsletter.write(msgspec.structs.replace(LETTER, test=True), "t" * 16, "operator")  # type: ignore[arg-type]
    desk.turn(made.number)
    assert [(mail["To"], mail["List-Unsubscribe"]) for mail in desk.world.mails] == [("manager@example.com", None)]
