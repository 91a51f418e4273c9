"""The passport of a batch: what its units were when the first of them were packed, and whether it is recalled.

What was said of the goods then stands in the table under the digest `shown`, and is never written again: a recipe that
changes later changes no passport. Pure types, no I/O.
"""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aggregate import Stored


class Recall(Stored, frozen=True):
    """That a batch is recalled: since when, by whom and why, in the village's words and in English (may be empty).

    `id` tells it from other recalls of the same batch.
    """

    id: str
    at: datetime
    why: str
    why_en: str = ""
    by: Actor = UNKNOWN


class Passport(msgspec.Struct, frozen=True):
    """The passport of a batch of a SKU. Each part of it is written once.

    `shown` is the digest of what was said of the goods when the first units were `packed`; `made` is the day on which
    it was made, where somebody has said so. `recall` is the one in force, and `caps` are what its shelves declared
    before that.
    """

    sku: str
    ship_by: date
    shown: str = ""
    packed: datetime | None = None
    made: date | None = None
    recall: Recall | None = None
    caps: Mapping[str, int] = {}
