"""A wish for the newsletter, until the link of its letter was opened: then its address stands among the readers."""

from datetime import datetime, timedelta

import msgspec

from chalicelib.domain.aggregate import Done, Failed, HoldsNothing, Stored, notify, retry_later, struck_out

OPEN_FOR = timedelta(days=7)
"""How long the letter's link can be used, and its address is kept where nobody does."""


class SignupAgain(Stored, frozen=True):
    """Event: somebody has typed the address again."""

    email: str
    lang: str


class SignupConfirmed(Stored, frozen=True):
    """Event: the link was opened, and is used up."""


class Signup(HoldsNothing, frozen=True):
    """A wish that was `asked` for at an instant; `email` is empty once it is used up."""

    email: str
    lang: str
    asked: datetime


def signed_up(signup: Signup) -> Signup:
    """Return the wish with the intent to send the link that confirms it."""
    return notify(signup, signup.asked, "confirm")


def decide(signup: Signup, event: Done | Failed | SignupAgain | SignupConfirmed, now: datetime) -> Signup:
    """Return what `event` makes of the wish: the same object where it changes nothing, else its next version."""
    match event:
        case Done():
            after = struck_out(signup, event)
        case Failed():
            after = retry_later(signup, event, now)
        case SignupAgain(email=email, lang=lang):
            if signup.outbox:
                return signup
            after = notify(msgspec.structs.replace(signup, email=email, lang=lang, asked=now), now, "confirm")
        case SignupConfirmed():
            after = msgspec.structs.replace(signup, email="") if signup.email else signup
    return signup if after is signup else msgspec.structs.replace(after, version=signup.version + 1)
