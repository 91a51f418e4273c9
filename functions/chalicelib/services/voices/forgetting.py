"""Forgetting what a person has said, and where the newsletter goes."""

from collections.abc import Iterable

from chalicelib.domain.conflicts import TRIES, retrying
from chalicelib.domain.contact import owner
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Order
from chalicelib.storage.store import Store


def forget(store: Store, keys: Keys, order: Order | None = None, contact: str = "") -> int:
    """Forget the reviews of an order's buyer, and the stories and the newsletter of a `contact`; return how many.

    A contact is an e-mail address or a phone number in its one form (domain/contact.py). What is shown leaves the call
    at once, and the pages with the next build. Comments name nobody: they go by the desk, as whoever wrote one shows
    which. Photographs of reviews are for
    `Photos.forget` ("review", the order's number). Raise ValueError for no contact, Busy.
    """
    numbers = voices_of(store, keys, order, contact)
    for number in numbers:
        _forget(store, number)
    if "@" in contact:
        for name in keys.pseudonyms("newsletter", owner(contact)):
            store.readers.remove(name)
    return len(numbers)


def voices_of(store: Store, keys: Keys, order: Order | None = None, contact: str = "") -> list[str]:
    """Return the numbers of what the order's buyer, and whoever has this contact, have said."""
    numbers: dict[str, None] = {}
    if order:
        asked = (number for line in order.lines for number in keys.numbers("voice", order.number, line.sku))
        numbers |= dict.fromkeys(_there(store, asked))
    for sender in keys.pseudonyms("voice", owner(contact)) if contact else ():
        numbers |= dict.fromkeys(store.voices.of_sender(sender))
    return [*numbers]


def _there(store: Store, numbers: Iterable[str]) -> list[str]:
    return [voice.number for voice in store.voices.load_many(numbers)]


def _forget(store: Store, number: str) -> None:
    def attempt() -> bool | None:
        voice = store.voices.load(number)
        return voice is None or store.voices.save(voice, None) or None

    retrying(TRIES, "others change it at the same time: ask again", attempt)
