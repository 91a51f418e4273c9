"""How many letters go out in an hour that strangers can cause: to one mailbox, to one domain, and of the stage.

A place on a waitlist, the link to an order and an order that nobody has paid are asked for by whoever types an address.
Mail providers shut out a sender who writes to strangers in heaps, and then no buyer gets a letter. So these are counted
where they are sent, and beyond a limit they wait. Letters of paid orders, of refunds, of invitations, which only a
mailbox that has answered gets, and the manager's own are neither counted nor held back.

It costs a write unit for each letter, and another one for a letter that brings a link. The checkout does not wait for
either.
"""

from collections.abc import Callable, Iterator

from chalicelib.domain.mailbox import domain_of, mailbox
from chalicelib.jobs.limits import Count, Full, HeldBack, within
from chalicelib.services.stage import Stage
from chalicelib.storage.limits import LimitStore

MOST_OF_STAGE = 5_000
"""Letters an hour: a list of 2,000 and the orders of a full evening beside it, and far below what SES begins with in a
day (50,000)."""
MOST_OF_DOMAIN = 2_500
"""Of them to one domain: a whole list at one provider, since half of all buyers may have their mail at the same one."""
MOST_TO_MAILBOX = 6
"""Letters an hour with links to one mailbox, whatever they are for."""
MOST_OF_LINK = 3
"""Of them with the same link: some that were lost among the spam, and no more, since each of them opens the same."""
BUCKETS = 64
"""Parts into which domains and links fall by their digests, so that one small item counts all."""
STAGE = "letters"
"""Under what the stage's letters of an hour are counted."""


class LetterLimits:
    """The limits of a stage."""

    def __init__(self, stage: Stage, limits: LimitStore) -> None:
        self.stage, self.limits = stage, limits

    def send(self, to: str, send: Callable[[], None], link: str = "") -> bool:
        """Send a letter within the limits; return False where as many with the same `link` lie in the mailbox.

        What could not be sent does not count. Raise HeldBack, ValueError for what is no address, what `send` does.
        """
        try:
            within(self.limits, self._counts(to, link), send)
        except Full as full:
            if full.names - {"n"} and full.count.who != STAGE:
                return False
            raise HeldBack(everybody=full.count.who == STAGE) from None
        return True

    def _counts(self, to: str, link: str) -> Iterator[Count]:
        """Under what it is counted; the mailbox first, for its letters are not the stage's."""
        now = self.stage.clock()
        if link:
            mine = {"n": MOST_TO_MAILBOX, f"l{self._bucket(link)}": MOST_OF_LINK}
            yield Count(self.stage.keys.pseudonyms("letters", mailbox(to))[0], now, mine)
        yield Count(STAGE, now, {"n": MOST_OF_STAGE, f"d{self._bucket(domain_of(to))}": MOST_OF_DOMAIN})

    def _bucket(self, what: str) -> int:
        return int(self.stage.keys.pseudonyms("letters", what)[0], 16) % BUCKETS
