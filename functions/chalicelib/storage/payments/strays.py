"""Money that fits nowhere, in the table."""

from chalicelib.domain.aggregate import Done
from chalicelib.domain.payments import strays
from chalicelib.storage.keys import Item, instant
from chalicelib.storage.kinds import Kind

STRAYS = "strays"
"""The list of the desk on which it stands until it is somebody's."""


def _listed(stray: strays.Stray) -> Item:
    if stray.state not in (strays.StrayState.OPEN, strays.StrayState.GOING_BACK):
        return {}
    return {"pack_pk": {"S": STRAYS}, "pack_at": {"S": instant(stray.seen)}}


STRAY = Kind(
    name="stray",
    type=strays.Stray,
    decide=strays.decide,
    end=Done(""),
    due_partitions=("due#strays",),
    kept_until=lambda _: None,
    attributes=_listed,
)
