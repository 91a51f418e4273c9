"""What buyers, readers and the manager can ask for of voices and of the newsletter."""

from typing import Annotated, Literal

from msgspec import Meta

from chalicelib.domain.commands import Command, Contact, Lang
from chalicelib.domain.voices.voice import STARS, VoiceFault

Typed = Annotated[str, Meta(max_length=6_000)]
"""Words as they are typed: how long they may be is a rule of wording.py, which counts what is left of them."""
VoiceNumber = Annotated[str, Meta(pattern=r"^[0-9]{20}\Z")]
MOST_AT_ONCE = 100
MOST_PHOTOS = 3
"""Photographs of one review."""


class SayReview(Command, frozen=True):
    """Say what the goods of an order's line are like; `photos` as they were sent, None for those that it has."""

    stars: Annotated[int, Meta(ge=1, le=STARS)]
    words: Typed
    photos: Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(max_length=MOST_PHOTOS)] | None = None
    lang: Lang = "zh"


class SayComment(Command, frozen=True):
    """Say something of a story or a film, under a name that one chooses."""

    kind: Literal["story", "video"]
    about: Annotated[str, Meta(max_length=80)]
    name: Annotated[str, Meta(max_length=200)]
    words: Typed
    lang: Lang = "zh"


class TellStory(Command, frozen=True):
    """Send the village a story of one's own; `consent` is that it may be shown, and must be given."""

    title: Annotated[str, Meta(max_length=400)]
    words: Typed
    name: Annotated[str, Meta(max_length=200)]
    consent: bool
    contact: Contact = ""
    lang: Lang = "zh"


class JudgeVoices(Command, frozen=True):
    """Show voices, or refuse them for a reason."""

    voices: Annotated[tuple[VoiceNumber, ...], Meta(min_length=1, max_length=MOST_AT_ONCE)]
    fault: VoiceFault | None = None


class ReplyToVoice(Command, frozen=True):
    """Answer a voice below it, in the shop's name; no words take the answer back."""

    words: Typed


class AskNewsletter(Command, frozen=True):
    """Have the newsletter sent to an e-mail address, once the link that it is sent has been opened."""

    email: Contact
    lang: Lang = "zh"


class WriteMailing(Command, frozen=True):
    """Send a letter to all readers, or with `test` to the manager alone; a language without words gets the other's."""

    subject_zh: Annotated[str, Meta(max_length=100)] = ""
    words_zh: Typed = ""
    subject_en: Annotated[str, Meta(max_length=100)] = ""
    words_en: Typed = ""
    test: bool = False
