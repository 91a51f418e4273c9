"""Who works in the village: a visitor whose device was enrolled, and who does what a host does."""

from typing import Any

from chalicelib.domain.staff import Role
from cunbo.operations.invitations import operator_access
from playwright.sync_api import Locator, expect

from tests.browser.helpers.shopper import Shopper
from tests.conftest import RunningShop
from tests.stack.helpers import eventually

SLIP = 450
"""Milliseconds that a second tap takes, so that it is none of the first one's."""


def invitation(shop: RunningShop, role: Role, name: str = "小王", rooms: tuple[str, ...] | None = None) -> str:
    """The link of a new invitation, for every room unless some are named."""
    link, _ = operator_access(shop.stack.cloud, shop.stack.outputs, shop.url).invite(role, name, rooms)
    return link


def enrolled(
    visitor: Shopper, shop: RunningShop, role: Role, name: str = "小王", rooms: tuple[str, ...] | None = None
) -> "Worker":
    """The visitor's device, enrolled by its link, on the page that the role is for."""
    link = invitation(shop, role, name, rooms)
    visitor.page.goto(link.replace("/staff/", f"{'/en' if visitor.lang == 'en' else ''}/staff/"))
    visitor.button("staff.enrol").click()
    visitor.link("staff.opens").click()
    return Worker(visitor)


class Worker:
    """Somebody at the host's console."""

    def __init__(self, visitor: Shopper) -> None:
        self.visitor, self.page, self.part, self.say = visitor, visitor.page, visitor.part, visitor.say

    def enter(self, room: str) -> None:
        """Chooses a room."""
        expect(self.part("room")).to_be_enabled()
        self.part("room").select_option(room)
        expect(self.part("goods").get_by_role("button").first).to_be_visible()

    def good(self, sku: str) -> Locator:
        """The button that pins a SKU."""
        return self.page.locator(f"#good-{sku}")

    def pin(self, sku: str) -> None:
        """Pins a SKU, with one tap."""
        self.good(sku).click()
        expect(self.good(sku)).to_have_attribute("aria-pressed", "true")

    def confirm(self, button: Locator, asks: str, /, **values: Any) -> None:
        """Taps twice: once to be asked, in these words of the console, and once for yes."""
        button.click()
        expect(button).to_have_text(self.say(f"scripts.host.{asks}", **values))
        button.click(delay=SLIP)

    def said(self, name: str, /, **values: Any) -> None:
        """Waits for what the console says of an act."""
        expect(self.part("said")).to_contain_text(self.say(f"scripts.host.{name}", **values))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """A call of this device, apart from its page."""
        names = {"Origin": self.visitor.origin} | {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.page.request.fetch(f"{self.visitor.origin}/api{path}", method=method, data=body, headers=names)
        assert answer.ok, answer.text()
        found: dict[str, Any] = answer.json()
        return found

    def tidy(self, room: str) -> None:
        """Leaves the room with nothing on, pinned or dropped, and returns when the shop tells so."""
        for drop in self.call("GET", f"/staff/rooms/{room}")["drops"]:
            self.call("POST", f"/staff/rooms/{room}/drops/{drop['drop']}/end", {"sku": drop["sku"]})
        self.call("PUT", f"/rooms/{room}/showing", {"sku": None})
        if show := self.call("GET", f"/staff/rooms/{room}")["show"]:
            self.call("POST", f"/staff/rooms/{room}/show/end", {"show": show["id"]})

        def quiet() -> bool:
            told = self.call("GET", f"/rooms/{room}")
            return not told["showing"] and not told["show"]

        assert eventually(quiet, 10)
