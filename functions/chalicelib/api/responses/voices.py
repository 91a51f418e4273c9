"""Voices and the newsletter, as pages are told of them."""

from collections.abc import Callable
from typing import Any

import msgspec

from chalicelib.api.responses import instant
from chalicelib.catalog import Catalog
from chalicelib.domain.voices.mailing import Mailing
from chalicelib.domain.voices.voice import ShownVoice, Voice
from chalicelib.services.voices.moderation import Pile
from chalicelib.services.voices.voices import Reviewable
from chalicelib.storage.voices.voices import SpokenPage

Address = Callable[[str], str]
"""Where a page shows a photograph of this name, for some minutes: longer than an answer is kept."""


def page(found: SpokenPage, address: Address) -> dict[str, Any]:
    """Return what is shown of a subject."""
    return {
        "voices": [shown(one, address) for one in found.voices],
        "after": found.after or None,
        "count": found.count,
        "stars": found.stars,
    }


def shown(voice: ShownVoice, address: Address) -> dict[str, Any]:
    """Return a voice as everybody may know it; without what it does not have."""
    told: dict[str, Any] = msgspec.to_builtins(voice)
    return told | ({"photos": [*map(address, voice.photos)]} if voice.photos else {})


def reviewable(found: list[Reviewable], address: Address) -> dict[str, Any]:
    """Return what a buyer can speak of, and what they say of it."""
    return {"reviews": [one_line(one, address) for one in found]}


def one_line(found: Reviewable, address: Address) -> dict[str, Any]:
    """Return a line of an order with its review."""
    return {
        "sku": found.line.sku,
        "name": found.line.name or found.line.sku,
        "batch": found.batch,
        "review": review(found.voice, address) if found.voice else None,
    }


def review(voice: Voice, address: Address) -> dict[str, Any]:
    """Return a review as its buyer sees it."""
    return {
        "state": voice.state,
        "stars": voice.stars,
        "words": voice.words,
        "name": voice.name,
        "city": voice.city,
        "photos": [*map(address, voice.photos)],
        **({"fault": voice.fault} if voice.fault else {}),
        **({"reply": voice.reply} if voice.reply else {}),
    }


def pile(found: Pile, catalog: Catalog, address: Address) -> dict[str, Any]:
    """Return a page of the desk."""
    return {"voices": [at_desk(one, catalog, address) for one in found.voices], "after": found.after or None}


def at_desk(voice: Voice, catalog: Catalog, address: Address) -> dict[str, Any]:
    """Return a voice as the moderator sees it."""
    return {
        "voice": voice.number,
        "kind": voice.kind,
        "state": voice.state,
        "about": subject(voice.about, catalog),
        "at": instant(voice.at),
        "name": voice.name,
        "title": voice.title,
        "words": voice.words,
        "stars": voice.stars,
        "city": voice.city,
        "batch": voice.batch,
        "lang": voice.lang,
        "times": voice.times,
        "flags": voice.flags,
        "fault": voice.fault,
        "reply": voice.reply,
        "contact": voice.contact,
        "photos": [*map(address, voice.photos)],
        "order": voice.order or None,
    }


def subject(about: str, catalog: Catalog) -> dict[str, Any]:
    """Return what a voice speaks of, by kind, id and name; without a name where the catalogue has it no more."""
    kind, _, id_ = about.partition(":")
    names = {
        "product": {one.id: one.name for one in catalog.products},
        "story": {one.id: one.title for one in catalog.stories},
        "video": {one.id: one.title for one in catalog.videos},
    }
    return {"kind": kind, "id": id_, "name": names.get(kind, {}).get(id_)}


def mailing(found: Mailing) -> dict[str, Any]:
    """Return how far a letter to all has come."""
    return {
        "mailing": found.number,
        "test": found.test,
        "sent": found.sent,
        "ended": instant(found.ended) if found.ended else None,
    }
