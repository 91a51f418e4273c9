"""For whom and where a parcel is, by a pseudonym: orders for one door are found together. Pure, no I/O."""

from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Address

DIGITS = 8
"""32 bits: of 5,000 orders on a board two that have nothing to do with one another share one about once in 300 boards.
Who merges compares the addresses themselves."""


def recipient_of(keys: Keys, to: Address) -> str:
    """Return what stands for a recipient and their address in keys of the table."""
    return keys.pseudonyms("recipient", to.name, to.phone, *to.region, to.street)[0][:DIGITS]
