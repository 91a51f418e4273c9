"""Where parcels are, by the carriers: news is a hint upon which it is asked, and the answer only leads forward."""

from collections.abc import Mapping

from chalicelib.carriers.port import CarrierService
from chalicelib.domain.actor import Actor
from chalicelib.domain.orders.events import Tracked
from chalicelib.domain.orders.model import Order
from chalicelib.domain.orders.parcels import parcel_in
from chalicelib.services.packing.bench import Bench
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store


class Tracking:
    """Parcels of a shop that are with carriers, followed through one service; `by` stands in their orders' history."""

    def __init__(self, stage: Stage, store: Store, service: CarrierService, by: Actor) -> None:
        self.bench, self.store, self.service, self.by = Bench(stage, store), store, service, by

    def hear(self, headers: Mapping[str, str], body: bytes) -> list[Order]:
        """Take pushed news, and ask where its parcels are; return their orders as they then are.

        Raise Unauthorized, Malformed; Away, Declined where the carrier does not say.
        """
        return [order for hint in self.service.read(headers, body) for order in self.look(hint.carrier, hint.number)]

    def look(self, carrier: str, number: str) -> list[Order]:
        """Ask where the parcels of a number are, and enter it; return their orders as they then are.

        Of a number that no parcel bears, nothing is asked. Raise Away, Declined, Busy.
        """
        names = self.store.waybills.parcels(carrier, number)
        known = [(name, *parcel) for name in names if (parcel := parcel_in(name))]
        order = self.store.orders.load(known[0][1]) if known else None
        found = self.service.track(carrier, number, order.ship_to.number.removeprefix("+86")) if order else None
        if found is None or found.state is None:
            return []
        return [self.bench.tracked(name, Tracked(n, found.state, found.at, self.by)) for name, _, n in known]
