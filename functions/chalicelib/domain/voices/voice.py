"""A voice: a buyer's review, a reader's comment, or a story that a reader tells. **Nothing is shown unseen.**

It waits until the manager has shown or refused it. What a page may know of it is `ShownVoice`, and nothing else.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aggregate import Stored
from chalicelib.domain.calendar import village_day
from chalicelib.domain.text import initial

STARS = 5
JUDGED_FOR = timedelta(days=120)
"""How long the desk lists what was decided."""

SubjectKind = Literal["product", "story", "video", "shelf"]
"""What is spoken of: goods, a story or a film of the village, or the shelf on which readers' own stories stand."""


class VoiceKind(StrEnum):
    """Who speaks, and of what. The strings are stored, and stand in the HTTP contract."""

    REVIEW = "review"
    COMMENT = "comment"
    STORY = "story"


class VoiceState(StrEnum):
    """Where a voice stands. The strings are stored, and stand in the HTTP contract."""

    WAITING = "waiting"
    SHOWN = "shown"
    REFUSED = "refused"


class VoiceFault(StrEnum):
    """Why a voice is refused: what the law and the house name. The strings stand in the HTTP contract."""

    ADVERTISING = "advertising"
    CONTACT = "contact"
    INSULT = "insult"
    OFF_TOPIC = "off-topic"
    CLAIM = "claim"
    PERSONAL = "personal"
    ILLEGAL = "illegal"


class Voice(Stored, frozen=True, kw_only=True):
    """What somebody has said, in their own words. Personal data: whoever asks has it forgotten.

    `about` is what it speaks of, as "product:spicy-cabbage". `times` counts who has sent the same words. `flags` are
    what the moderator should look at (wording.py). Of a review: its `order` and `sku`, the `batch` by its day, `stars`,
    the `city`, the names of its `photos`; `name` is then what is shown of the buyer's. Of a story: its `title`, and the
    `contact` of whoever wants an answer, with its pseudonym `sender`. `fault` is why it was refused; `reply` is the
    shop's answer.
    """

    kind: VoiceKind
    about: str
    name: str
    words: str
    at: datetime
    lang: str
    number: str = ""
    version: int = 1
    state: VoiceState = VoiceState.WAITING
    times: int = 1
    flags: tuple[str, ...] = ()
    title: str = ""
    stars: int = 0
    city: str = ""
    batch: date | None = None
    order: str = ""
    sku: str = ""
    contact: str = ""
    sender: str = ""
    judged: datetime | None = None
    by: Actor = UNKNOWN
    fault: VoiceFault | None = None
    reply: str = ""
    photos: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The day by which it stands among others: its batch's, else that on which it was sent."""
        return self.batch or village_day(self.at)


class ShownVoice(Stored, frozen=True, kw_only=True):
    """What everybody may know of a voice that is shown."""

    voice: str
    name: str
    words: str
    day: date
    lang: str
    title: str = ""
    stars: int = 0
    city: str = ""
    batch: date | None = None
    reply: str = ""
    photos: tuple[str, ...] = ()


def shown_of(voice: Voice) -> ShownVoice:
    """Return what everybody may know of a voice."""
    return ShownVoice(
        voice=voice.number,
        name=voice.name,
        words=voice.words,
        day=village_day(voice.at),
        lang=voice.lang,
        title=voice.title,
        stars=voice.stars,
        city=voice.city,
        batch=voice.batch,
        reply=voice.reply,
        photos=voice.photos,
    )


def masked(name: str) -> str:
    """Return what is shown of a buyer's name: its first letter, of a Chinese name the surname, as 王**."""
    return f"{initial(name)}**"


def edited(voice: Voice, said: Voice) -> Voice:
    """Return a voice that waits with what is said now in the place of what was said; raise ValueError once it is
    judged.
    """
    if voice.state is not VoiceState.WAITING:
        raise ValueError("it has been looked at")
    return msgspec.structs.replace(
        voice,
        words=said.words,
        stars=said.stars,
        photos=said.photos,
        flags=said.flags,
        lang=said.lang,
        version=voice.version + 1,
    )


def judged(voice: Voice, fault: VoiceFault | None, now: datetime, by: Actor) -> Voice:
    """Return the voice shown, or refused for `fault`: the same object where it stands so already."""
    state = VoiceState.REFUSED if fault else VoiceState.SHOWN
    if (voice.state, voice.fault) == (state, fault):
        return voice
    return msgspec.structs.replace(voice, state=state, fault=fault, judged=now, by=by, version=voice.version + 1)


def replied(voice: Voice, words: str) -> Voice:
    """Return the voice with the shop's reply, none where it is empty: the same object where it has that already."""
    if voice.reply == words:
        return voice
    return msgspec.structs.replace(voice, reply=words, version=voice.version + 1)
