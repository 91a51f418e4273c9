"""The base of what the table keeps as JSON in an item's `body`."""

import msgspec


class Stored(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value as it is stored: a field that has its default is left out, so a body of an older shop still decodes."""
