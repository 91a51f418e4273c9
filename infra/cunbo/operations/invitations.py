"""Invitations of devices: whom the stage lets in, and the invitations that `up` prints."""

import io
import sys
from collections.abc import Mapping

import segno
from chalicelib.domain.keys import Keys
from chalicelib.domain.staff import OPENS
from chalicelib.services.access import Access
from chalicelib.services.stage import utc_now
from chalicelib.storage.devices import DeviceStore
from chalicelib.storage.table import Table

from cunbo.core.cloud import Cloud
from cunbo.core.progress import note


def operator_access(cloud: Cloud, outputs: Mapping[str, str], shop_url: str) -> Access:
    """Return the access control of a stage for its operator, who enrols nobody and so needs none of its secrets."""
    table = Table(cloud.client("dynamodb"), outputs["TableName"])
    return Access(DeviceStore(table), Keys("-" * 32), shop_url, utc_now)


def terminal_code(link: str) -> str:
    """Return the link as a QR code for a terminal, two rows a line; it brings its own white, for dark terminals."""
    drawn = io.StringIO()
    segno.make(link, micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue()


def print_invitations(access: Access) -> None:
    """Print an invitation for each role, with its code where the output is a terminal, and revoke earlier ones."""
    note("  invitations, each for one device, for a day:")
    for earlier in access.in_force()[1]:
        if earlier.name == earlier.role:  # of an earlier start
            access.revoke(earlier.id)
    for role in OPENS:
        link, _ = access.invite(role, role)
        note(f"    {role:<15} {link}")
        if sys.stdout.isatty():
            note(terminal_code(link))
