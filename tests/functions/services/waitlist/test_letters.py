"""What is told of a place by letter."""

from chalicelib.domain.waitlist import LASTS

from tests.functions.helpers.waiters import ask, confirm, give_up, join, waiter
from tests.functions.helpers.world import World, letter_in
from tests.functions.services.waitlist.places import opened


def test_every_turn_of_a_place_is_told_by_letter_with_the_same_link(sold: World) -> None:
    number = ask(sold, lang="en")
    sold.outbox().perform("waiter", number)
    confirm(sold, number)
    ask(sold, lang="en")
    sold.outbox().perform("waiter", number)
    sold.shop.cancel(*opened(sold, 0))
    sold.outbox().perform("waiter", number)
    sold.later(LASTS * 900)
    for _ in range(2):
        sold.sweep()
        sold.outbox().perform("waiter", number)
    assert [(mail["To"], letter_in(mail)) for mail in sold.mails] == [
        ("waiter-0@example.com", (number, text)) for text in ("unconfirmed", "waiting", "invited", "lapsed")
    ]
    link = f"http://shop/en/waiting/#{number}.{sold.keys.token(number)}"
    assert all(link in str(mail.get_body(("plain",)).get_content()) for mail in sold.mails)  # type: ignore[union-attr]


def test_an_invitation_that_was_given_up_before_its_letter_went_out_sends_none(sold: World) -> None:
    number = join(sold)
    sold.shop.cancel(*opened(sold, 0))
    give_up(sold, number)
    sold.outbox().perform("waiter", number)
    assert sold.mails == []
    assert waiter(sold, number).outbox == ()


def test_a_letter_that_could_not_go_out_goes_out_later(sold: World) -> None:
    def away(_: object) -> None:
        raise OSError("the mail server is away")

    number = ask(sold)
    sold.outbox(away).perform("waiter", number)
    sold.later(121)
    sold.sweep()
    assert [letter_in(mail) for mail in sold.mails] == [(number, "unconfirmed")]
