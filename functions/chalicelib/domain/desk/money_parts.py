"""Where the money of an order went: hands, field, jar, parcel, fees, and the village; to the fen. Pure rules, no I/O.

A product's file says what of a pack's price goes to whom (`catalog.PriceParts`). What was sold for less, or was partly
paid back, has less to share: then each gets less in proportion, and nothing is left for the village.
"""

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.catalog import Pack
from chalicelib.domain.desk.portions import portions, share_out
from chalicelib.domain.orders.model import Order

PARTS = ("hands", "field", "jar", "parcel")
"""What a product's file sets, by name; `fees` are the provider's, and the `village` has the rest."""


class MoneyParts(NamedTuple):
    """Fen by part; together they are what was paid less what went back."""

    hands: int = 0
    field: int = 0
    jar: int = 0
    parcel: int = 0
    fees: int = 0
    village: int = 0


def parts_of(order: Order, fee: int, packs: Mapping[str, Pack]) -> MoneyParts:
    """Return where the money of a paid order went, which sums up to what is left of it; `fee` is the provider's."""
    _, left = portions(order)
    fee = min(max(fee, 0), left.amount)
    *fees, of_postage = share_out(fee, [*left.fen, left.postage])
    found = [MoneyParts(parcel=left.postage - of_postage, fees=fee)]
    for place, line in enumerate(order.lines):
        found.append(line_parts(packs.get(line.sku), left.units[place], left.fen[place] - fees[place]))
    return MoneyParts(*map(sum, zip(*found, strict=True)))


def line_parts(pack: Pack | None, units: int, fen: int) -> MoneyParts:
    """Return where `fen` for so many units of a pack went, fees apart; all of it to the village where nobody says."""
    parts = pack.parts if pack else None
    wanted = [units * getattr(parts, name) for name in PARTS] if parts else [0] * len(PARTS)
    given = share_out(min(sum(wanted), fen), wanted)
    hands, field, jar, parcel = given
    return MoneyParts(hands, field, jar, parcel, 0, fen - sum(given))
