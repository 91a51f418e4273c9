"""/.well-known/security.txt (RFC 9116): where to report a weakness of the shop, and until when that holds.

The file must name a day in the future, less than a year away, and a build must not differ from one hour to the next. So
the day is the end of the half-year that follows: all builds of one half-year give the same bytes, and each is good for
six months at least. A build that must be reproduced later sets SOURCE_DATE_EPOCH, as for any other tool.
"""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import quote

from chalicelib.catalog import Catalog

ADDRESS = "/.well-known/security.txt"


def build_day(environ: Mapping[str, str]) -> date:
    """Return the day, in UTC, that this build counts as: that of SOURCE_DATE_EPOCH (seconds), else today."""
    epoch = environ.get("SOURCE_DATE_EPOCH")
    return (datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)).date()


def expires(today: date) -> date:
    """Return the last day of the half-year after that of `today`: more than 180 days away, and less than a year."""
    return date(today.year, 12, 31) if today.month <= 6 else date(today.year + 1, 6, 30)


def text(catalog: Catalog, origin: str, today: date) -> str:
    """Return the file for a shop at `origin`, which has no slash at its end, as built on `today`."""
    lines = [
        f"Contact: {_uri(catalog.shop.contact)}",
        f"Expires: {expires(today)}T00:00:00Z",
        "Preferred-Languages: zh, en",
    ]
    if origin.startswith("https://"):  # the RFC allows no other address here; the local stack has none
        lines.append(f"Canonical: {origin}{ADDRESS}")
    return "".join(f"{line}\n" for line in lines)


def files(catalog: Catalog, origin: str) -> dict[str, bytes]:
    """Return it as a file of the site built today, by path; `origin` has no slash at its end."""
    return {ADDRESS.lstrip("/"): text(catalog, origin, build_day(os.environ)).encode()}


def _uri(contact: str) -> str:
    """Return the shop's contact as an address: an e-mail address, a web page, else a phone number."""
    if "@" in contact:
        return f"mailto:{quote(contact, safe='@+')}"
    return contact if contact.startswith("https://") else f"tel:{''.join(c for c in contact if c in '+0123456789')}"
