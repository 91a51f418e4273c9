"""The estimate on an order's page: from the shop's own parcels as the stream's consumer counts them, without a scan."""

from collections import Counter
from collections.abc import Callable

import pytest
from chalicelib.domain.errors import Busy
from chalicelib.domain.packing.arrival import ENOUGH, arrival_scope
from chalicelib.storage.live.figures import Checkpoint

from tests.functions.helpers.road import Road
from tests.functions.helpers.world import TODAY, World, day


def count(world: World, province: str, days: int, parcels: int, seq: str) -> None:
    """What the stream's consumer writes of so many parcels that have arrived today."""
    figures = Counter({(arrival_scope(province, TODAY), f"d{days}"): parcels})
    assert world.store.figures.count(f"shard-{seq}", Checkpoint(), Checkpoint(seq), figures, world.now)


def test_the_page_says_when_an_order_usually_arrives_once_enough_parcels_have(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world({day(1): 9})
    placed = world.place()
    assert "arrives" not in world.see(placed)
    world.pay(placed)
    count(world, "吉林省", 2, ENOUGH - 1, "1")
    count(world, "北京市", 1, ENOUGH, "2")
    assert "arrives" not in world.see(placed)
    count(world, "吉林省", 5, 3, "3")
    assert "arrives" not in world.see(placed), "what was read is told again for a while"
    world.later(601)
    world.calls.clear()
    for _ in range(3):
        assert world.see(placed)["arrives"] == {"from": day(3), "to": day(6)}
    assert world.calls.count("BatchGetItem") == 1, "one read of six items for a province in ten minutes"
    world.later(601)

    def busy(*_: object) -> None:
        raise Busy("x")

    monkeypatch.setattr(world.services.arrivals.figures, "read", busy)
    assert "arrives" not in world.see(placed), "the page comes all the same"


def test_a_parcel_that_was_followed_to_the_door_is_counted(make_world: Callable[..., World]) -> None:
    road = Road(make_world({day(1): 9}))
    number = road.sent()
    before = road.world.store.item(f"order#{number}", "order")
    road.world.later(3 * 86_400)
    road.move("3")
    after = road.world.store.item(f"order#{number}", "order")
    record = {"dynamodb": {"SequenceNumber": "1" * 21, "OldImage": before, "NewImage": after}}
    for _ in range(2):
        road.world.services.figures.count("shard", [record])
    scope = arrival_scope("吉林省", day(3))
    assert road.world.store.figures.read([scope], []).figures == {scope: {"d3": 1}}
