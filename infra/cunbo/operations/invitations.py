"""Invitations of devices: whom the stage lets in, and the invitations that `up` prints."""

import io
import sys
from collections.abc import Mapping

import segno
from chalicelib.domain.keys import Keys
from chalicelib.domain.staff import OPENS
from chalicelib.services.access import Access
from chalicelib.services.shop import utc_now
from chalicelib.storage.devices import DeviceStore
from chalicelib.storage.table import Table

from cunbo.core.cloud import Cloud
from cunbo.core.progress import note


def door(cloud: Cloud, outputs: Mapping[str, str], shop_url: str) -> Access:
    """The door of a stage, for its operator, who enrols nobody and so needs no secret of the stage."""
    table = Table(cloud.client("dynamodb"), outputs["TableName"])
    return Access(DeviceStore(table), Keys("-" * 32), shop_url, utc_now)


def printed(link: str) -> str:
    """The link as a code of two rows a line, light on dark and dark on light alike, since it brings its own white."""
    drawn = io.StringIO()
    segno.make(link, micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue()


def welcome(door: Access) -> None:
    """Prints an invitation for each role; with its code where somebody can scan it from the screen."""
    note("  invitations, each for one device, for a day:")
    for earlier in door.in_force()[1]:
        if earlier.name == earlier.role:  # of an earlier start
            door.revoke(earlier.id)
    for role in OPENS:
        link, _ = door.invite(role, role)
        note(f"    {role:<15} {link}")
        if sys.stdout.isatty():
            note(printed(link))
