"""Places on a list, and what befalls them."""

from tests.functions.helpers.world import World, make_key


def expire(world: World) -> None:
    """The holds of all that is unpaid end, and the minute's sweep comes by."""
    world.later(931)
    world.sweep()


def opened(world: World, key: int) -> tuple[str, str]:
    ticket = world.keys.tickets(make_key(key))[0]
    return ticket.number, ticket.token
