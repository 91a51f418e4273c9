"""The plan, made anew every night: the batches of the day that the horizon has reached."""

from chalicelib.services.planning import plan
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store


def make_plan(stage: Stage, store: Store) -> int:
    """Make the batches that are planned and missing; return how many. Again changes nothing."""
    return len(plan(stage.catalog, store, stage.today))
