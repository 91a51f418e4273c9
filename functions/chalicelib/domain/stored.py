"""The base of all records that the table keeps as JSON in an item's `body`."""

import msgspec


class Stored(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record as it is stored. A field that has its default is left out, so an item costs fewer write units.

    A new field needs a default: bodies that older code has stored lack it, and must still decode.
    """
