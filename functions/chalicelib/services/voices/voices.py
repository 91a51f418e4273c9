"""What buyers and readers say, and what of it is shown to everybody."""

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from chalicelib.domain.conflicts import TRIES, retrying
from chalicelib.domain.contact import owner
from chalicelib.domain.contact import read as contact_in
from chalicelib.domain.errors import AlreadyJudged, Fault, Invalid, NotFound, TooOften, WrongState
from chalicelib.domain.orders.model import Order, OrderLine, State
from chalicelib.domain.voices import wording
from chalicelib.domain.voices.commands import SayComment, SayReview, TellStory
from chalicelib.domain.voices.voice import Voice, VoiceKind, VoiceState, edited, masked
from chalicelib.domain.voices.wording import ReadWords
from chalicelib.services.aftersales.photos import Photos
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store
from chalicelib.storage.voices.voices import SpokenPage

PAGE = 20
"""Voices that one answer shows."""
MOST_EDITS = 20
"""How often in an hour the reviews of one order are written."""
MOST_STORIES = 5
"""How many stories one mailbox or phone sends in an hour."""
PLACE = re.compile(r"\d{4}-\d\d-\d\d\.[\dT:.-]+Z\.\d{20}", re.ASCII)
"""Where a page begins, as an address has it."""
SEEN = "this review has been looked at: it can be taken back, and not changed"
STORIES = "shelf:stories"
"""What readers' own stories are about."""


class Reviewable(msgspec.Struct, frozen=True):
    """A line of a delivered order: what was bought, of which batch, and what its buyer says of it."""

    line: OrderLine
    voice: Voice | None

    @property
    def batch(self) -> date:
        """The day of its batch."""
        return self.line.ship_by


class Voices:
    """The voices of a shop, as buyers and readers have to do with them."""

    def __init__(self, stage: Stage, store: Store, photos: Photos) -> None:
        self.stage, self.store, self.photos = stage, store, photos
        self.keys, self.clock = stage.keys, stage.clock

    def shown(self, kind: str, about: str, after: str = "") -> SpokenPage:
        """Return what is shown of a subject, the latest first; raise NotFound for what the shop does not have."""
        subject = self.subject(kind, about)
        if after and not PLACE.fullmatch(after):
            raise NotFound("no page begins there")
        day, _, rest = after.partition(".")
        at, _, number = rest.rpartition(".")
        found = self.store.voices.spoken(subject, f"{day}#{at}#{number}" if after else "", PAGE)
        return msgspec.structs.replace(found, after=found.after.replace("#", "."))

    def subject(self, kind: str, about: str) -> str:
        """Return what is spoken of, by its kind and id; raise NotFound where the catalogue has no such thing."""
        catalog = self.stage.catalog
        known = {
            "product": {one.id for one in catalog.products},
            "story": {one.id for one in catalog.stories},
            "video": {one.id for one in catalog.videos},
        }
        if f"{kind}:{about}" == STORIES or about in known.get(kind, ()):
            return f"{kind}:{about}"
        raise NotFound("the shop has no such thing to speak of")

    def reviewable(self, order: Order) -> list[Reviewable]:
        """Return what the order's buyer can speak of: the lines of what has arrived and is still in the catalogue."""
        if not any(entry.event is State.DELIVERED for entry in order.history):
            return []
        lines = {line.sku: line for line in order.lines if line.sku in self.stage.catalog.product_of}
        numbers = {number: sku for sku in lines for number in self.keys.numbers("voice", order.number, sku)}
        found = {numbers[one.number]: one for one in self.store.voices.load_many(numbers)}
        return [Reviewable(line, found.get(sku)) for sku, line in lines.items()]

    def review(self, order: Order, sku: str, asked: SayReview) -> Voice:
        """Keep what the buyer says of a line, in the place of what they have said before; once it waits, it is seen.

        Raise NotFound for no such line, WrongState where nothing has arrived, Invalid, AlreadyJudged, TooOften, Busy.
        """
        line, before = self._line(order, sku)
        if before and before.state is not VoiceState.WAITING:
            raise AlreadyJudged(SEEN)
        self._must_be_rare(f"review-{order.number}", MOST_EDITS)
        words = wording.read(asked.words, wording.REVIEW_LENGTH)
        _must_be_right({"/words": words})
        photos = before.photos if before else ()
        if asked.photos is not None:
            photos = tuple(self.photos.accept("review", order.number, asked.photos)) if asked.photos else ()
        said = Voice(
            kind=VoiceKind.REVIEW,
            about=f"product:{self.stage.catalog.product_of[sku].id}",
            name=masked(order.ship_to.name),
            words=words.text,
            at=self.clock(),
            lang=asked.lang,
            number=self.keys.numbers("voice", order.number, sku)[0],
            flags=words.flags,
            stars=asked.stars,
            city=order.ship_to.region[1],
            batch=line.ship_by,
            order=order.number,
            sku=sku,
            photos=photos,
        )

        def attempt() -> Voice | None:
            _, now = self._line(order, sku)
            if now and now.state is not VoiceState.WAITING:
                raise AlreadyJudged(SEEN)
            after = edited(now, said) if now else said
            return after if self.store.voices.save(now, after) else None

        return retrying(TRIES, "others change this review at the same time: ask again", attempt)

    def take_back(self, order: Order, sku: str) -> None:
        """Forget what the buyer says of a line, wherever it stands, however often. Raise NotFound, WrongState, Busy."""

        def attempt() -> bool | None:
            _, now = self._line(order, sku)
            return now is None or self.store.voices.save(now, None) or None

        retrying(TRIES, "others change this review at the same time: ask again", attempt)
        if not any(one.voice and one.voice.photos for one in self.reviewable(order)):
            self.photos.forget("review", order.number)

    def comment(self, asked: SayComment) -> None:
        """Keep what a reader says of a story or film; the same words of the same are one voice, however often sent.

        Raise NotFound, Invalid, VoicesFull, Busy.
        """
        about = self.subject(asked.kind, asked.about)
        words = wording.read(asked.words, wording.COMMENT_LENGTH)
        name = self._name(asked.name)
        _must_be_right({"/name": name, "/words": words})
        self._keep(
            Voice(
                kind=VoiceKind.COMMENT,
                about=about,
                name=name.text,
                words=words.text,
                at=self.clock(),
                lang=asked.lang,
                number=self.keys.numbers("voice", about, wording.digest(words.text))[0],
                flags=(*dict.fromkeys((*name.flags, *words.flags)),),
            )
        )

    def tell(self, asked: TellStory) -> None:
        """Keep a story that a reader sends; raise Invalid, TooOften, VoicesFull, Busy."""
        title = wording.read(asked.title, wording.TITLE_LENGTH, 1)
        words = wording.read(asked.words, wording.STORY_LENGTH)
        name, contact = self._name(asked.name), ""
        try:
            contact = contact_in(asked.contact) if asked.contact.strip() else ""
            wrong = ""
        except ValueError as error:
            wrong = str(error)
        agreed = "" if asked.consent else "nothing is shown without your consent"
        _must_be_right(
            {
                "/title": title,
                "/words": words,
                "/name": name,
                "/contact": ReadWords("", wrong=wrong),
                "/consent": ReadWords("", wrong=agreed),
            }
        )
        sender = self.keys.pseudonyms("voice", owner(contact))[0] if contact else ""
        if sender:
            self._must_be_rare(f"story-{sender}", MOST_STORIES)
        self._keep(
            Voice(
                kind=VoiceKind.STORY,
                about=STORIES,
                name=name.text,
                words=words.text,
                at=self.clock(),
                lang=asked.lang,
                number=self.keys.numbers("voice", STORIES, wording.digest(title.text + words.text))[0],
                flags=(*dict.fromkeys((*title.flags, *name.flags, *words.flags)),),
                title=title.text,
                contact=contact,
                sender=sender,
            )
        )

    def _keep(self, voice: Voice) -> None:
        """Put it into its pile, or count it where it is there, whatever has become of it."""
        if not self.store.voices.again(voice.number) and not self.store.voices.save(None, voice):
            self.store.voices.again(voice.number)  # somebody has just sent the same

    def _line(self, order: Order, sku: str) -> tuple[OrderLine, Voice | None]:
        found = self.reviewable(order)
        if not found:
            raise WrongState("there is nothing to review before something has arrived")
        for one in found:
            if one.line.sku == sku:
                return one.line, one.voice
        raise NotFound(f"the order has no {sku}")

    def _name(self, typed: str) -> ReadWords:
        shop = self.stage.catalog.shop
        return wording.read_name(typed, (shop.name.zh, shop.name.en))

    def _must_be_rare(self, who: str, most: int) -> None:
        name, now = self.keys.pseudonyms("voice", who)[0], self.clock()
        if not self.store.limits.may_ask(f"voice-{name}", now, most):
            raise TooOften(now)


def _must_be_right(fields: Mapping[str, ReadWords]) -> None:
    """Raise Invalid, which names each field with what is wrong in it."""
    if faults := [Fault(pointer, found.wrong) for pointer, found in fields.items() if found.wrong]:
        raise Invalid(faults)
