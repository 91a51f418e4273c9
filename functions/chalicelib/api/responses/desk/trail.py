"""The trail, as the manager is told of it."""

from typing import Any

from chalicelib.api.responses import instant
from chalicelib.domain.desk.trail import TrailEntry, TrailOutcome
from chalicelib.services.desk.trail import TrailPage


def page(found: TrailPage) -> dict[str, Any]:
    """Return entries of the trail, the last first, and the place from which to go on; null where all is told."""
    return {"entries": [_entry(one) for one in found.entries], "before": found.before}


def _entry(one: TrailEntry) -> dict[str, Any]:
    return {
        "at": instant(one.at),
        "by": one.by,
        "name": one.name,
        "act": one.act,
        "about": one.about,
        "facts": one.facts,
        "outcome": _outcome(one.outcome) if one.outcome else None,
    }


def _outcome(one: TrailOutcome) -> dict[str, Any]:
    return {
        "at": instant(one.at),
        "status": one.status,
        "problem": f"/problems/{one.problem}" if one.problem else "",
        "reason": one.reason,
        "facts": one.facts,
    }
