"""A shop with people in its orders, each with a name, phone, house and mailbox of their own; and where these stand."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.actor import device
from chalicelib.domain.aftersales.claims import ClaimFault, DeclineReason
from chalicelib.domain.aftersales.commands import ClaimWish, DeclineClaim, MakeClaim
from chalicelib.domain.aftersales.invoices import InvoiceWish
from chalicelib.domain.desk.rows import phone_begins
from chalicelib.domain.orders.events import Disputed, Event, LegalHoldSet
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.payments.news import DisputeState
from chalicelib.domain.voices.commands import AskNewsletter, SayReview, TellStory
from chalicelib.domain.voices.forgetting import ended
from chalicelib.services.aftersales.invoices import Invoices
from chalicelib.services.aftersales.photos import PhotoPurpose
from chalicelib.services.payments.ledger import keep
from chalicelib.services.voices.newsletter import Newsletter
from chalicelib.services.voices.personal import PersonalData, people_of
from chalicelib.services.voices.voices import Voices
from chalicelib.storage.keys import Item
from chalicelib.storage.voices.readers import Reader

from tests.functions.helpers.acts_of_packers import do
from tests.functions.helpers.pictures import photo
from tests.functions.helpers.stream import Stream
from tests.functions.helpers.world import JAR, World, make_key

MANAGER = device("0badf00d")
SENT = ("print", "pack", "hand over", "number")


@dataclass
class Person:
    """Somebody who has ordered, and what there is of them."""

    number: str
    kind: str
    needles: list[str]
    """What of them would be found in the raw table."""
    ended: datetime | None = None
    """When their order's story was over; None: it is not."""
    said: dict[str, str] = field(default_factory=dict)
    """What else of them would be found there, or among the keys of photographs, by what it is."""


class Years:
    """A world whose clock goes on by days, with all that happens by itself."""

    def __init__(self, world: World) -> None:
        self.world, self.stream, self.people = world, Stream(world), list[Person]()

    @property
    def data(self) -> PersonalData:
        services = self.world.services
        return people_of(services.stage, services.store, services.orders, services.photos)

    def on(self, days: float = 0) -> None:
        """Goes on, and does what the schedule and the stream do then."""
        self.world.now += timedelta(days=days)
        self.world.sweep()
        self.flow()

    def flow(self) -> None:
        """What the stream's consumer enters, of all that has changed."""
        records = self.stream.records()
        keep(self.world.store.ledger, records)
        self.stream.take(records)

    def order(self, kind: str, **body: Any) -> Person:
        """Places an order of a person whom nobody else resembles."""
        n = len(self.people) + 1
        name = f"{chr(0x4E00 + 40 * n)}{chr(0x7000 + 40 * n)}"
        ship_to = {
            "name": name,
            "phone": f"137 5000 {n:04}",
            "region": ["吉林省", "通化市", "集安市"],
            "street": f"柳条沟{n:04}号院",
        }
        said = {"ship_to": ship_to, "email": f"buyer{n:04}@example.com", "note": f"放在{n:04}号门口", "quantity": 1}
        placed = self.world.place(n, **said | body)
        order = self.world.shop.orders.load(placed["order"])
        needles = [name, order.ship_to.phone, ship_to["street"], said["email"], said["note"]]
        needles += [one for one in (order.lookup, order.mail_lookup) if one]
        needles += [f'"recipient":"{order.recipient}"', order.fingerprint]
        needles += [line.buyer for line in order.lines if line.buyer]
        terms = [("name", name), ("mail", said["email"])]
        needles += [self.world.keys.pseudonyms("desk", *term)[0] for term in terms]
        needles += phone_begins(self.world.keys, order.ship_to.number)
        self.people.append(Person(order.number, kind, [*map(str, needles)]))
        return self.people[-1]

    def pay(self, person: Person) -> None:
        self.world.pay({"order": person.number})

    def send(self, person: Person, *acts: str) -> None:
        for act in (*SENT, *acts):
            do(act, self.world.shop, person.number, make_key(int(person.number[-6:])))

    def happens(self, person: Person, event: Event) -> None:
        self.world.shop.orders.apply(person.number, event)

    def load(self, person: Person) -> Order:
        return self.world.shop.orders.load(person.number)

    def told(self) -> None:
        """Notes of each when their story was over, as they stand."""
        for person in self.people:
            order = self.load(person)
            over = order.state not in (State.PAID, State.PACKED, State.SHIPPED, State.AWAITING_PAYMENT)
            person.ended = ended(order) if over else None

    def raw(self) -> str:
        """The whole table as text, but for what DynamoDB may have deleted by now."""
        return json.dumps([*self.items()], ensure_ascii=False)

    def items(self) -> Iterator[Item]:
        for item in self.world.store.everything():
            if "ttl" not in item or int(item["ttl"]["N"]) > self.world.now.timestamp():
                yield item

    def found(self, raw: str, person: Person) -> list[str]:
        """What of a person stands in the raw table."""
        return [needle for needle in person.needles if json.dumps(needle, ensure_ascii=False)[1:-1] in raw]


def complain(years: Years, person: Person) -> None:
    """Has somebody claim, by words and a photograph, what the desk declines."""
    order, claims, n = years.load(person), years.world.services.claims, person.number[-6:]
    person.said |= {"claim": f"盖子{n}鼓了", "reply": f"照片{n}看不清"}
    wish = MakeClaim((ClaimWish(0, 1, ClaimFault.SPOILED),), (_photo(years, "claim", order),), person.said["claim"])
    _, made = claims.make(order, wish, make_key(int(n)))
    person.said["claim's photograph"] = made.photos[0]
    claims.decline(person.number, made.id, DeclineClaim(DeclineReason.NOT_SHOWN, person.said["reply"]), MANAGER)


def speak(years: Years, person: Person) -> None:
    """Has somebody review what came, with a photograph, and ask for an invoice, which is issued."""
    services, n = years.world.services, person.number[-6:]
    order, voices = years.load(person), Voices(services.stage, services.store, services.photos)
    person.said |= {"review": f"又脆又辣，{n}口一碗饭", "title": f"集安{n}饭店", "tax number": f"220582{n:>09}"}
    person.said["invoice's email"] = f"books{n}@example.com"
    review = SayReview(5, person.said["review"], (_photo(years, "review", order),))
    person.said["review's photograph"] = voices.review(order, JAR, review).photos[0]
    invoices = Invoices(services.stage, services.store)
    named = person.said["title"], person.said["invoice's email"], person.said["tax number"]
    invoices.ask(order, InvoiceWish("company", *named))
    invoices.issue(person.number, f"{n:0>20}", MANAGER)


def read(years: Years, name: str) -> dict[str, str]:
    """Has somebody get the newsletter, ask for it once more, and send a story; return what of them stands there."""
    services, email = years.world.services, f"{name}@example.com"
    names = services.stage.keys.pseudonyms("newsletter", email)
    services.store.readers.add(Reader(email, "zh", years.world.now, names[0]))
    Newsletter(services.stage, services.store).ask(AskNewsletter(email))
    story = f"{name}小时候，姥姥在柳条沟腌过一缸辣白菜，冬天的雪没过了膝盖。" * 2
    Voices(services.stage, services.store, services.photos).tell(TellStory("那年冬天", story, "小李", True, email))
    return {"email": email, "reader": names[0], "story": story}


def _photo(years: Years, purpose: PhotoPurpose, order: Order) -> str:
    [form] = years.world.services.photos.ask(purpose, order.number, 1, years.world.now)
    years.world.send_photo(form.fields, photo())
    return form.name


def live(years: Years, kind: str) -> Person:
    """Places an order, and has happen to it what its kind says; it takes some days."""
    person = years.order(kind)
    if kind not in ("unpaid", "cancelled unpaid", "paid late"):
        years.pay(person)
    KINDS[kind](years, person)
    return person


def _dispute(years: Years, person: Person) -> None:
    years.send(person)
    years.happens(person, Disputed("dispute-" + person.number, 2990, DisputeState.OPEN))


def _hold(years: Years, person: Person) -> None:
    years.send(person)
    years.happens(person, LegalHoldSet("法院调取"))


def _cancel(years: Years, person: Person) -> None:
    years.world.shop.cancel(person.number, years.world.keys.token(person.number))


KINDS: dict[str, Callable[[Years, Person], object]] = {
    "unpaid": lambda *_: None,
    "cancelled unpaid": _cancel,
    "paid late": lambda *_: None,
    "cancelled": _cancel,
    "delivered": lambda years, person: years.send(person),
    "refunded in part": lambda years, person: years.send(person, "refund"),
    "disputed": _dispute,
    "held": _hold,
    "returned": lambda years, person: years.send(person, "came back"),
    "under way": lambda *_: None,
}
"""What happens to an order on the day on which it was paid; weeks do the rest."""
