"""What an operator does for somebody who asks what is kept of them; by the functions' own rules."""

from datetime import timedelta

from chalicelib.api.responses.people import kept_of_order, kept_of_person
from chalicelib.bootstrap import assemble
from chalicelib.catalog import Catalog
from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.keys import NUMBER, Keys
from chalicelib.domain.orders.model import Order
from chalicelib.domain.settings import Settings
from chalicelib.services.stage import Stage
from chalicelib.services.voices.personal import PersonalData, people_of
from chalicelib.storage.store import Store
from chalicelib.storage.uploads import UploadStore

from cunbo.operations.shop import refusing


class PeopleOperations:
    """What the shop of one stage keeps of people, found by the stage's own `keys`, and their photographs `uploads`."""

    def __init__(self, catalog: Catalog, store: Store, keys: Keys, uploads: UploadStore) -> None:
        # Nothing is sold and nobody is written to from here: what else a stage is set up with does not matter.
        stage = Stage(catalog, Settings(store.table.name, "", "operator", "", timedelta(), ""), keys)
        services = assemble(stage, store, {}, uploads=uploads)
        self.people: PersonalData = people_of(stage, store, services.orders, services.photos)

    def kept(self, whose: str) -> dict[str, object]:
        """Return all that is kept of the buyer of an order, or of a contact; raises Refusal."""
        with refusing("the person" if not NUMBER.fullmatch(whose) else whose):
            if NUMBER.fullmatch(whose):
                return kept_of_order(self.people.of_order(self.people.orders.load(whose)))
            contact = self.people.read_contact(whose)
            return kept_of_person(contact, self.people.of_person(contact, self.people.orders_of(contact)))

    def forget(self, whose: str) -> list[Order]:
        """Forget the buyer of an order, or whoever has a contact; return the orders as they are. Raises Refusal."""
        with refusing("the person" if not NUMBER.fullmatch(whose) else whose):
            if NUMBER.fullmatch(whose):
                return [self.people.forget(whose)]
            contact = self.people.read_contact(whose)
            return self.people.forget_person(contact, self.people.orders_of(contact))

    def hold(self, order: str, reason: str) -> Order:
        """Keep an order for a dispute, or with no reason no more; raises Refusal."""
        with refusing(order):
            return self.people.hold(order, reason, OPERATOR)
