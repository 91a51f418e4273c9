"""How often one network may ask for what costs it nothing: a place in line, a lost order, a scan's count."""

from chalicelib.domain.asker import MOST_ASKED, Asker, Purpose
from chalicelib.domain.errors import TooOften
from chalicelib.services.stage import Stage
from chalicelib.storage.limits import LimitStore


class Networks:
    """The networks that ask a shop. Checkouts are limited by what they hold (domain/orders/network_limits.py)."""

    def __init__(self, stage: Stage, store: LimitStore) -> None:
        self.stage, self.store = stage, store

    def admit(self, asker: Asker, purpose: Purpose) -> None:
        """Count a request of the asker's network; raise TooOften where there were too many in this hour, Busy."""
        now = self.stage.clock()
        network = asker.network_name(self.stage.keys, self.stage.today)
        if network and not self.store.may_ask(f"{purpose}-{network}", now, MOST_ASKED[purpose]):
            raise TooOften(now)
