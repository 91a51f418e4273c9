"""How many text messages go out that strangers can cause: to one number in an hour and a day, of the stage in a day.

A place on a waitlist and the link to an order are asked for by whoever types a number, and each part of a message costs
money: who has numbers pumped with messages may even be paid for it. So numbers are those of the mainland alone
(domain/contact.py), networks are limited where they ask (domain/asker.py), and these are counted where they are sent.
What is beyond a number's hour waits; what is beyond its day, or the stage's, is not sent: whoever asked can leave an
e-mail address, and a day late it would help nobody. Messages that the shop itself causes are neither counted nor held
back: a turn on the waitlist, which only a number that has answered gets, and a promise that is not kept.
"""

from collections.abc import Callable, Iterator

from chalicelib.jobs.limits import Count, Full, HeldBack, within
from chalicelib.services.stage import Stage
from chalicelib.sms import SmsMessage
from chalicelib.storage.limits import LimitStore, midnight

MOST_PARTS_OF_DAY = 2_000
"""Parts a day of the stage: about 100 yuan, at five fen a part, is what strangers can cost a village in a day."""
MOST_TO_NUMBER = 6
"""Messages an hour to one number, whatever they are for: the orders that a search finds (services/orders.py), twice."""
MOST_TO_NUMBER_OF_DAY = 12
"""Messages a day to one number."""
MOST_OF_LINK = 2
"""Messages an hour with the same link to one number."""
BUCKETS = 64
"""Parts into which links fall by their digests, so that one small item counts all."""
HOUR, DAY, PARTS = "hour", "day", "parts"
"""Under which names they are counted."""


class Spent(Exception):
    """The stage has sent as many parts today as strangers may cause."""


class SmsLimits:
    """The limits of a stage."""

    def __init__(self, stage: Stage, limits: LimitStore) -> None:
        self.stage, self.limits = stage, limits

    def send(self, message: SmsMessage, send: Callable[[], None]) -> bool:
        """Send a message within the limits; return False where its number has had as many today, or of its link.

        What could not be sent does not count. Raise HeldBack, Spent, what `send` does.
        """
        try:
            within(self.limits, self._counts(message), send)
        except Full as full:
            if PARTS in full.names:
                raise Spent from None
            if full.names == {HOUR}:
                raise HeldBack(everybody=False) from None
            return False
        return True

    def _counts(self, message: SmsMessage) -> Iterator[Count]:
        """Under what it is counted; the number first, for its messages are not the stage's."""
        today = midnight(self.stage.today)
        number = self.stage.keys.pseudonyms("sms", message.to)[0]
        link = f"l{int(self.stage.keys.pseudonyms('sms', message.about)[0], 16) % BUCKETS}"
        yield Count(number, self.stage.clock(), {HOUR: MOST_TO_NUMBER, link: MOST_OF_LINK})
        yield Count(f"{number}-day", today, {DAY: MOST_TO_NUMBER_OF_DAY})
        yield Count("sms", today, {PARTS: MOST_PARTS_OF_DAY}, message.parts)
