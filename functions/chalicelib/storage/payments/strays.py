"""Money that fits nowhere, in the table."""

from chalicelib.domain.aggregate import Done
from chalicelib.domain.payments import strays
from chalicelib.storage.kinds import Kind

STRAY = Kind(
    name="stray",
    type=strays.Stray,
    decide=strays.decide,
    end=Done(""),
    due_partitions=("due#strays",),
    kept_until=lambda _: None,
)
