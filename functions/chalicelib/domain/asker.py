"""Who asks, as far as a shop may know: the network that a request came from, and the browser. Pure rules, no I/O.

Anybody can make up a phone number, a street and a cookie, but not as easily an address on the internet. So made-up
people are limited by network: a /24 of IPv4, a /64 of IPv6, since whoever has one address has its neighbours. A network
is no person, though: a carrier puts thousands behind one.
"""

import re
from datetime import date
from ipaddress import IPv4Network, IPv6Address, ip_address, ip_network
from typing import Literal

import msgspec

from chalicelib.domain.keys import Keys

Purpose = Literal["waitlist", "find", "sms", "enrol", "scan", "voice", "newsletter"]
MOST_ASKED: dict[Purpose, int] = {
    "waitlist": 300,
    "find": 100,
    "sms": 100,
    "enrol": 60,
    "scan": 3_000,
    "voice": 30,
    "newsletter": 60,
}
"""Requests of one network in an hour, by what for: far more than a village sees of the busiest carrier's address, and
far too few to fill a list, to guess, or to make figures of. `sms` are those for which a text message may go out."""
BROWSER = re.compile(r"[0-9A-Za-z_-]{16,64}", re.ASCII)
"""The random name that a browser gives itself, in a cookie."""


class Asker(msgspec.Struct, frozen=True):
    """Who asks: `network` such as 203.0.113.0/24, `browser` the name that it gives itself; empty where unknown.

    Both are personal data: `network_name` and `name` are what may be stored.
    """

    network: str = ""
    browser: str = ""

    def network_name(self, keys: Keys, day: date) -> str:
        """Return what stands for the network on the village's `day`, and never after it; empty where it is unknown."""
        return keys.pseudonyms("network", day.isoformat(), self.network)[0] if self.network else ""

    def name(self, keys: Keys, day: date) -> str:
        """Return what tells one asker from another: the browser's pseudonym, else the network's on that day.

        Limits that count a phone number count it together with this, so that nobody is barred by what somebody else
        does with their number. Empty where nothing is known.
        """
        return keys.pseudonyms("browser", self.browser)[0] if self.browser else self.network_name(keys, day)

    def pseudonym(self, keys: Keys, day: date, purpose: str, fact: str) -> str:
        """Return what stands for a fact, such as a phone number, as this asker names it; the fact's own without one."""
        name = self.name(keys, day)
        return keys.pseudonyms(purpose, fact, *([name] if name else []))[0]


def network_of(address: str) -> str:
    """Return the network of an address, such as 203.0.113.0/24 or 2001:db8::/64.

    Empty where it is no address, or one of the machine itself, which is no network. An IPv4 address in IPv6's clothes
    is the IPv4 address.
    """
    try:
        found = ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.scope_id:  # it holds on one wire alone
            return ""
        found = found.ipv4_mapped or found
    if found.is_loopback or found.is_unspecified:
        return ""
    network = ip_network((found.packed, 24 if found.version == 4 else 64), strict=False)
    return str(network) if isinstance(network, IPv4Network) else network.compressed


def viewer(forwarded_for: str) -> str:
    """Return the viewer's address from X-Forwarded-For, to which the edge added it, and the gateway the edge's own.

    What stands before these two is what the viewer has sent, and may be made up.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",")]
    return hops[-2] if len(hops) > 1 else hops[0]
