"""Small makers for tests of the waitlist: joining it, and what becomes of a place."""

import json
from typing import Any

from chalicelib.domain import contact
from chalicelib.domain.waitlist import Waiter

from tests.functions.helpers.world import JAR, World, make_body, make_key


def ask(world: World, who: int = 0, **wish: Any) -> str:
    """Asks for a place, whose link nobody has opened yet; gives the place's number."""
    asked = {"sku": JAR, "contact": f"waiter-{who}@example.com"} | wish
    world.later(0.01)
    world.shop.wait(json.dumps(asked).encode())
    return world.keys.places(asked["sku"], contact.owner(contact.read(asked["contact"])))[0]


def confirm(world: World, number: str) -> dict[str, Any]:
    """Opens the link of the letter."""
    return world.shop.place_in_line(number, world.keys.token(number))


def join(world: World, who: int = 0, quantity: int = 1, fewer: bool = False, sku: str = JAR, lang: str = "zh") -> str:
    """Asks for a place and opens its link; gives the place's number."""
    number = ask(world, who, quantity=quantity, fewer=fewer, sku=sku, lang=lang)
    confirm(world, number)
    return number


def waiter(world: World, number: str) -> Waiter:
    found = world.store.waitlist.load(number)
    assert found
    return found


def states(world: World, *numbers: str) -> list[str]:
    return [waiter(world, number).state.value for number in numbers]


def take(world: World, number: str, key: int = 900, quantity: int = 1, **body: Any) -> dict[str, Any]:
    said = json.dumps(make_body(quantity=quantity, **{"buyer": key, **body})).encode()
    return world.shop.take(number, world.keys.token(number), make_key(key), said)


def give_up(world: World, number: str) -> dict[str, Any]:
    return world.shop.give_up(number, world.keys.token(number))
