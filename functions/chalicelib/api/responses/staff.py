"""Devices and invitations, as staff are told of them."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.api.responses import instant
from chalicelib.catalog import Catalog
from chalicelib.domain.staff import OPENS, Device, Invitation


def worker(device: Device, catalog: Catalog) -> dict[str, Any]:
    """Return a device as it is told who it is, and the rooms in which it may act."""
    return {
        "device": device.id,
        "role": device.role,
        "name": device.name,
        "opens": OPENS[device.role],
        "rooms": [
            {"room": room.id, "name": room.name, "products": room.products}
            for room in catalog.rooms
            if device.may_act_in(room.id)
        ],
        "goods": device.goods,
    }


def staff(devices: Sequence[Device], invitations: Sequence[Invitation], today: date) -> dict[str, Any]:
    """Return who works here, when each device was last used and how long it has left, and who is invited."""
    return {
        "devices": [
            {
                "device": one.id,
                "role": one.role,
                "name": one.name,
                "rooms": one.rooms,
                "goods": one.goods,
                "since": instant(one.since),
                "unused_days": (today - one.seen).days if one.seen else None,
                "days_left": (one.ends - today).days,
            }
            for one in devices
        ],
        "invitations": [
            {
                "invitation": one.id,
                "role": one.role,
                "name": one.name,
                "rooms": one.rooms,
                "goods": one.goods,
                "until": instant(one.until),
            }
            for one in invitations
        ],
    }


def invited(link: str, invitation: Invitation) -> dict[str, Any]:
    """Return a new invitation: its link, also as a code to be scanned from the screen (SVG)."""
    import segno  # here, since of all requests this one alone draws

    drawn = io.BytesIO()
    segno.make(link, micro=False).save(drawn, kind="svg", border=4, omitsize=True, xmldecl=False, nl=False)
    return {"link": link, "until": instant(invitation.until), "qr": drawn.getvalue().decode()}
