"""The line for a pack that is sold out, as those who stand in it know it: by the letters that they get."""

import re
import uuid
from pathlib import Path
from typing import Any, NamedTuple

from cunbo.load.surge import order_of

from tests.browser.helpers.letters import letter_about
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PREFIX
from tests.conftest import RunningShop
from tests.stack.helpers import call, invoke

PLACE = re.compile(r"/waiting/#(\d{20})\.(\S+)")


class Place(NamedTuple):
    """A place in a line, and what its owner does with it elsewhere than on the page that is looked at."""

    shop: RunningShop
    sku: str
    number: str
    token: str

    @property
    def key(self) -> str:
        """What its link has after the #."""
        return f"{self.number}.{self.token}"

    def see(self) -> dict[str, Any]:
        """The place as the API tells it."""
        return self._call("GET")[1]

    def give_up(self) -> int:
        """The status of giving it up."""
        return self._call("POST", "/give-up")[0]

    def take(self) -> int:
        """The status of ordering one unit of what it is invited to."""
        body = order_of(self.sku, buyer=self.number)
        return self._call("POST", "/take", body, Idempotency_Key=f"browser-test-{uuid.uuid4()}")[0]

    def _call(self, method: str, act: str = "", body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
        path = f"/waitlist/{self.number}{act}"
        return call(self.shop, method, path, body, Authorization=f"Bearer {self.token}", **headers)


class Line:
    """The line for `sku`."""

    def __init__(self, shelf: Shelf, sku: str) -> None:
        self.shelf, self.shop, self.sku = shelf, shelf.shop, sku
        self.places: list[Place] = []

    def join(self, lang: str = "zh", **wish: Any) -> Place:
        """Somebody new in the line, who has opened the link in the letter."""
        contact = f"waiter-{uuid.uuid4().hex}@example.com"
        self.ask(contact, lang=lang, **wish)
        place = self.place_of(contact, lang)
        place.see()
        return place

    def ask(self, contact: str, **wish: Any) -> None:
        """Asks for a place for this address, which counts once its link is opened, or once more for its link."""
        status, answer = call(self.shop, "POST", "/waitlist", {"sku": self.sku, "contact": contact} | wish)
        assert status == 202, answer

    def place_of(self, contact: str, lang: str = "zh") -> Place:
        """The place that the shop's letter to this address leads to, as soon as the letter is there."""
        letter = letter_about(self.mail, contact, f"{self.shop.url}{PREFIX[lang]}/waiting/#")
        found = PLACE.search(letter)
        assert found
        place = Place(self.shop, self.sku, *found.groups())
        self.places.append(place)
        return place

    def serve(self) -> None:
        """What the shop does by itself each minute."""
        assert invoke(self.shop, "Sweep")[1] is False

    def disperse(self) -> None:
        """Everybody gives up."""
        for place in self.places:
            place.give_up()

    @property
    def mail(self) -> Path:
        """The folder that letters come to."""
        return self.shop.mail
