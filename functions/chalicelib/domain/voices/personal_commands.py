"""What people ask for about what is kept of them, and managers for them, word for word as a body says it."""

from typing import Annotated

from msgspec import Meta

from chalicelib.domain.commands import Command, Contact, OrderNumber

MOST_OF_REASON = 200
"""Characters of the reason for which an order is kept."""


class CorrectEmail(Command, frozen=True):
    """Write to another e-mail address from now on; None: to none."""

    email: Annotated[str, Meta(max_length=254)] | None


class ForgetOrder(Command, frozen=True):
    """Forget the buyer of an order; `person`: of all orders of the phone or mailbox that the link proves."""

    person: bool = False


class SeePerson(Command, frozen=True):
    """Tell all that is kept of whoever has this phone number or e-mail address."""

    contact: Contact


class ForgetPerson(Command, frozen=True):
    """Forget whoever has this contact, with these orders of theirs; None: with all of them."""

    contact: Contact
    orders: Annotated[tuple[OrderNumber, ...], Meta(max_length=1000)] | None = None


class HoldOrder(Command, frozen=True):
    """Keep an order as it is for a dispute, for a reason; an empty one: not any more."""

    reason: Annotated[str, Meta(max_length=MOST_OF_REASON)]
