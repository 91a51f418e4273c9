"""Routes of the desk's voices: reviews, comments and stories that wait to be shown; the newsletter."""

import re
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Request

from chalicelib.api.devices import MANAGERS, staff_routes
from chalicelib.api.requests import read_json
from chalicelib.api.routing import body_of, key_of, query_one
from chalicelib.bootstrap import Services
from chalicelib.domain import actor
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.staff import Device

if TYPE_CHECKING:
    from chalicelib.services.voices.moderation import Moderation
    from chalicelib.services.voices.newsletter import Newsletter

routes = Blueprint(__name__)
staff_route = staff_routes(routes)
PLACE = re.compile(r"[\dT:.-]+Z#\d{20}", re.ASCII)
"""Where a page of what waits begins."""
MOST_BYTES = 65_536
"""Bytes of a letter to all."""


@staff_route("GET /staff/voices", MANAGERS)
def waiting(request: Request, services: Services, device: Device) -> Any:
    """Tell what waits of a kind, the oldest first, and how much of each kind."""
    from chalicelib.api.responses import voices
    from chalicelib.domain.voices.voice import VoiceKind

    kind, after = query_one(request, "kind", "review"), query_one(request, "after")
    if kind not in [*VoiceKind]:
        raise Invalid([Fault("/kind", f"one of: {', '.join(VoiceKind)}")])
    if after and not PLACE.fullmatch(after):
        raise Invalid([Fault("/after", "what the page before this one said")])
    counts = {**services.store.voices.counts()}
    return {
        "waiting": counts,
        **voices.pile(
            _moderation(services).waiting(VoiceKind(kind), after), services.stage.catalog, services.photos.show
        ),
    }


@staff_route("GET /staff/voices/decided", MANAGERS)
def decided(request: Request, services: Services, device: Device) -> Any:
    """Tell what was shown or refused last."""
    from chalicelib.api.responses import voices

    return voices.pile(_moderation(services).decided(), services.stage.catalog, services.photos.show)


@staff_route("POST /staff/voices/judge", MANAGERS)
def judge(request: Request, services: Services, device: Device) -> Any:
    """Show voices, or refuse them for a reason; of each, what it is then."""
    from chalicelib.domain.voices.commands import JudgeVoices

    asked = read_json(body_of(request), JudgeVoices)
    found = _moderation(services).judge(asked, actor.device(device.id))
    return {"judged": [{"voice": number, "state": voice.state if voice else "gone"} for number, voice in found]}


@staff_route("POST /staff/voices/{voice}/reply", MANAGERS)
def reply(request: Request, services: Services, device: Device, voice: str) -> Any:
    """Answer a voice in the shop's name."""
    from chalicelib.api.responses import voices
    from chalicelib.domain.voices.commands import ReplyToVoice

    asked = read_json(body_of(request), ReplyToVoice)
    return voices.at_desk(_moderation(services).reply(voice, asked.words), services.stage.catalog, services.photos.show)


@staff_route("GET /staff/newsletter", MANAGERS)
def newsletter(request: Request, services: Services, device: Device) -> Any:
    """Tell how many readers the newsletter has."""
    return {"readers": _newsletter(services).readers()}


@staff_route("POST /staff/newsletter", MANAGERS, status=201)
def send(request: Request, services: Services, device: Device) -> Any:
    """Send a letter to all readers, or a test of it to the manager, once for each Idempotency-Key."""
    from chalicelib.api.responses import voices
    from chalicelib.domain.voices.commands import WriteMailing

    asked = read_json(body_of(request), WriteMailing, MOST_BYTES)
    return voices.mailing(_newsletter(services).write(asked, key_of(request), actor.device(device.id)))


@staff_route("POST /staff/newsletter/preview", MANAGERS)
def preview(request: Request, services: Services, device: Device) -> Any:
    """Tell how a letter to all would read, in each language; it is sent to nobody."""
    from chalicelib.domain.voices.commands import WriteMailing

    found = _newsletter(services).read(read_json(body_of(request), WriteMailing, MOST_BYTES))
    return {lang: dict(zip(("subject", "words"), found.text(lang), strict=True)) for lang in ("zh", "en")}


@staff_route("GET /staff/newsletter/{mailing}", MANAGERS)
def progress(request: Request, services: Services, device: Device, mailing: str) -> Any:
    """Tell how far a letter to all has come."""
    from chalicelib.api.responses import voices

    return voices.mailing(_newsletter(services).mailing(mailing))


def _moderation(services: Services) -> "Moderation":
    from chalicelib.services.voices.moderation import Moderation

    return Moderation(services.stage, services.store)


def _newsletter(services: Services) -> "Newsletter":
    from chalicelib.services.voices.newsletter import Newsletter

    return Newsletter(services.stage, services.store)
