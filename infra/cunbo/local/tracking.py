"""By whom the local stack's parcels are followed: as TRACK and TRACK_SETTINGS say, by a stand-in, or by nobody."""

from collections.abc import Mapping
from contextlib import ExitStack

import msgspec

from cunbo.core.progress import note
from cunbo.core.refusal import Refusal
from cunbo.deploy.package import LOCAL
from cunbo.deploy.pay import FIELDS
from cunbo.deploy.track import TrackSettings, track_of
from cunbo.local.paying import AFTER, WORD
from cunbo.standins.server import StandIns

NAME = "kuaidi100"
"""The service that is stood in for: it knows the parcels of all carriers, SF's too."""


def tracking(
    environ: Mapping[str, str], shop_url: str, port: int, exits: ExitStack
) -> tuple[TrackSettings, StandIns | None]:
    """Return by whom the parcels of the shop at `port` are followed, and the stand-in, which runs until `exits` ends.

    Raise Refusal for settings that cannot be used.
    """
    if environ.get("TRACK") != WORD:
        return track_of(LOCAL, {}, environ), None
    own = port + AFTER + len(FIELDS)
    try:
        stand_ins = exits.enter_context(StandIns(shop_url, {NAME: own}))
    except (OSError, OverflowError):
        raise Refusal(f"port {own}, for the stand-in of {NAME}, is taken: choose another PORT") from None
    settings = stand_ins.settings()
    return TrackSettings((NAME,), {NAME: msgspec.json.encode(settings[NAME])}), stand_ins


def tell_where(stand_ins: StandIns) -> None:
    """Tell where parcels are moved on."""
    note(f"A stand-in of 快递100 follows the parcels; move them on at {stand_ins[NAME].base_url}/")
