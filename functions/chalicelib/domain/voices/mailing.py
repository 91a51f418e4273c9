"""A letter to all readers, which goes out in portions until everybody has been written to once. Pure rules, no I/O."""

from datetime import datetime, timedelta

import msgspec

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aggregate import (
    Done,
    Failed,
    HoldsNothing,
    Mail,
    Stored,
    intend,
    retry_later,
    struck_out,
)

PAUSE = timedelta(seconds=55)
"""Between two portions: mail providers shut out whoever writes to very many at once."""
SENDING = "mailing"
"""The key of the intent to send the next portion."""


class PortionSent(Stored, frozen=True):
    """Event: letters went out to readers up to the one named `after` in this part of them; `over`: to all."""

    part: int
    after: str
    sent: int
    over: bool


class Mailing(HoldsNothing, frozen=True):
    """A letter, in the words of both languages; `part` and `after` say how far it has come, `sent` to how many.

    `test`: it goes to the manager alone. `ended` is when the last went out.
    """

    subject_zh: str
    words_zh: str
    subject_en: str
    words_en: str
    at: datetime
    test: bool = False
    by: Actor = UNKNOWN
    part: int = 0
    after: str = ""
    sent: int = 0
    ended: datetime | None = None

    def text(self, lang: str) -> tuple[str, str]:
        """Return subject and words in a language, the other's where it has none."""
        zh, en = (self.subject_zh, self.words_zh), (self.subject_en, self.words_en)
        first, second = (en, zh) if lang == "en" else (zh, en)
        return first if all(first) else second


def begun_mailing(mailing: Mailing) -> Mailing:
    """Return the letter with the intent to send its first portion."""
    return intend(mailing, mailing.at, Mail(SENDING, SENDING))


def decide(mailing: Mailing, event: Done | Failed | PortionSent, now: datetime) -> Mailing:
    """Return what `event` makes of the letter: the same object where it changes nothing, else its next version."""
    match event:
        case Done():
            after = msgspec.structs.replace(struck_out(mailing, event), ended=now) if mailing.outbox else mailing
        case Failed():
            after = retry_later(mailing, event, now)
        case PortionSent(part=part, after=name, sent=sent, over=over):
            after = msgspec.structs.replace(mailing, part=part, after=name, sent=mailing.sent + sent)
            if over:
                after = msgspec.structs.replace(struck_out(after, Done(SENDING)), ended=now)
            else:  # as if a try had failed, so that the sweep goes on and not the stream at once
                after = msgspec.structs.replace(after, retry_at=now + PAUSE, failures=1)
    return mailing if after is mailing else msgspec.structs.replace(after, version=mailing.version + 1)
