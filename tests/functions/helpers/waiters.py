"""Small makers for tests of the waitlist: joining it, and what becomes of a place."""

import json
from typing import Any

from chalicelib.domain.waitlist import Waiter

from tests.functions.helpers.world import JAR, World, make_body, make_key


def join(world: World, who: int = 0, quantity: int = 1, fewer: bool = False, sku: str = JAR, lang: str = "zh") -> str:
    """Waits; gives the place's number."""
    contact = f"waiter-{who}@example.com"
    wish = {"sku": sku, "contact": contact, "quantity": quantity, "fewer": fewer, "lang": lang}
    world.later(0.01)
    world.shop.wait(json.dumps(wish).encode())
    return world.keys.places(sku, contact)[0]


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
