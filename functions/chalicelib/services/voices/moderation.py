"""The manager looks at what was said: shows it, refuses it with a reason, answers it."""

from collections.abc import Sequence

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.conflicts import TRIES, retrying
from chalicelib.domain.errors import Fault, Invalid, NotFound
from chalicelib.domain.voices import wording
from chalicelib.domain.voices.commands import JudgeVoices
from chalicelib.domain.voices.voice import Voice, VoiceFault, VoiceKind, judged, replied
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store
from chalicelib.storage.voices.voices import months

PAGE = 30
"""Voices on one page of the desk."""


class Pile(msgspec.Struct, frozen=True):
    """A page of what waits, or was decided; `after` names where the next begins, empty where there is none."""

    voices: Sequence[Voice]
    after: str = ""


class Moderation:
    """What the desk does with voices."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.voices, self.clock = store.voices, stage.clock

    def waiting(self, kind: VoiceKind, after: str = "") -> Pile:
        """Return a page of what waits of a kind, the oldest first."""
        places = self.voices.waiting(kind, after, PAGE + 1)
        shown = places[:PAGE]
        voices = self.voices.load_many(place.rpartition("#")[2] for place in shown)
        return Pile(voices, shown[-1] if len(places) > PAGE else "")

    def decided(self) -> Pile:
        """Return what was decided last, the latest first."""
        numbers: list[str] = []
        for month in months(self.clock()):
            if len(numbers) < PAGE:
                numbers += self.voices.judged(month, PAGE - len(numbers))
        return Pile(self.voices.load_many(numbers))

    def judge(self, asked: JudgeVoices, by: Actor) -> list[tuple[str, Voice | None]]:
        """Show or refuse each of the voices; return what has become of each, None of one that is gone. Raise Busy."""
        return [(number, self._judge(number, asked.fault, by)) for number in dict.fromkeys(asked.voices)]

    def reply(self, number: str, typed: str) -> Voice:
        """Answer a voice in the shop's name, with no words take the answer back; raise NotFound, Invalid, Busy."""
        words = wording.tidied(typed)
        most = wording.REPLY_LENGTH[1]
        if len(words) > most:
            raise Invalid([Fault("/words", f"an answer of at most {most} characters")])

        def attempt() -> Voice | None:
            before = self.voices.load(number)
            if before is None:
                raise NotFound("it is not there any more: whoever said it has taken it back")
            after = replied(before, words)
            return after if after is before or self.voices.save(before, after) else None

        return retrying(TRIES, "others change it at the same time: ask again", attempt)

    def _judge(self, number: str, fault: VoiceFault | None, by: Actor) -> Voice | None:
        def attempt() -> Voice | None:
            before = self.voices.load(number)
            if before is None:
                raise NotFound("it is not there any more")
            after = judged(before, fault, self.clock(), by)
            return after if after is before or self.voices.save(before, after) else None

        try:
            return retrying(TRIES, "others change it at the same time: ask again", attempt)
        except NotFound:
            return None
