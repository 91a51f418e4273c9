"""The trail is kept: no act without it, nothing of it written twice, and whoever changes it breaks a seal."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from chalicelib.domain import actor
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.desk.trail import KEPT_FOR, TrailOutcome, TrailQuery
from chalicelib.domain.errors import Busy
from chalicelib.services.access import Caller
from chalicelib.services.audit import audit
from chalicelib.services.desk.seals import broken_seals, seal
from chalicelib.services.desk.trail import Trail
from chalicelib.storage.desk.trail import TrailStore

from tests.functions.helpers.http import Http
from tests.functions.helpers.world import TODAY, World, day

WANG, LI = actor.device("11111111"), actor.device("22222222")
ORDERS = [f"2026112404{n:06}1234" for n in range(3)] + [f"{'5' * 16}9234"]


def act(kept: Trail, by: actor.Actor, name: str, about: dict[str, str], **facts: int) -> None:
    entry = kept.begin(by, "小王" if by == WANG else "小李", name, about, facts)
    kept.end(entry, TrailOutcome(kept.clock(), 200))


def test_an_act_is_not_done_where_the_trail_cannot_take_it(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    http = Http(world, monkeypatch)

    def busy(*_: Any) -> None:
        raise Busy("others write")

    access = world.shop.access
    caller = Caller("", writes=True, origin="http://shop")
    token, device = access.enrol(caller, "key-of-a-test-000001", access.invite("manager", "小王")[0].partition("#")[2])
    headers = {"Cookie": f"__Host-cunbo={token}", "Origin": "http://shop", "Idempotency_Key": "key-of-a-test-000002"}
    with monkeypatch.context() as patch:
        patch.setattr(TrailStore, "write", busy)
        body = {"role": "host", "name": "小李", "rooms": "all"}
        assert http("POST", "/staff/invitations", body, **headers).status_code == 503
        assert access.in_force()[1] == []
    with monkeypatch.context() as patch:
        patch.setattr(TrailStore, "end", busy)
        assert http("POST", "/staff/invitations", body, **headers).status_code == 201, (
            "it is done, and began on the trail"
        )
    answer = http("GET", "/staff/trail?by=people", **headers)
    [entry] = answer.json_body["entries"]
    assert (entry["by"], entry["name"], entry["act"], entry["facts"], entry["outcome"]) == (
        f"device:{device.id}", "小王", "invite", {"role": "host"}, None,
    )  # fmt: skip
    for query in ("from=2026-11-25", "from=x", "until=2026-13-01", "about=12", "before=x", "before=2026-11-24"):
        assert http("GET", f"/staff/trail?{query}", **headers).status_code == 422, query


def test_an_entry_is_written_once_and_goes_by_itself_after_four_years(make_world: Callable[..., World]) -> None:
    world = make_world()
    kept = Trail(world.store.trail, lambda: world.now)
    entry = kept.begin(WANG, "小王", "refund", {}, {"amount": 500})
    kept.end(entry, TrailOutcome(world.now, 201))
    kept.end(entry, TrailOutcome(world.now, 500))
    world.store.trail.write(type(entry)(entry.at, entry.id, LI, "other"))
    [found] = kept.find(TrailQuery(TODAY, TODAY)).entries
    assert (found.by, found.act, found.outcome and found.outcome.status) == (WANG, "refund", 201)
    ends = {int(one["ttl"]["N"]) for one in world.store.everything() if one["pk"]["S"].startswith("trail")}
    assert ends == {int((world.now + KEPT_FOR).timestamp())}


def sealed(make_world: Callable[..., World]) -> World:
    """Three days with some acts, all sealed; the second by the third's night, since its own was missed."""
    world = make_world()
    kept = Trail(world.store.trail, lambda: world.now)
    for _ in range(3):
        act(kept, WANG, "refund", {"order": ORDERS[0]}, amount=500)
        act(kept, LI, "pack", {"order": ORDERS[1]})
        world.now += timedelta(days=1)
    for today in (TODAY, day(2)):
        assert seal(world.store, today).day == today
    assert seal(world.store, day(2)) == seal(world.store, day(2)), "again changes nothing"
    return world


def items(world: World, of: date) -> list[dict[str, Any]]:
    return [one for one in world.store.everything() if one["pk"]["S"] == f"trail#{of}"]


def test_what_was_sealed_and_is_as_it_was_is_whole(make_world: Callable[..., World]) -> None:
    world = sealed(make_world)
    assert broken_seals(world.store, [day(n) for n in range(-5, 5)]) == []
    assert [one.entries for one in world.store.trail.seals()] == [2, 2, 2]
    assert audit(world.store, day(3)).differences == []


@pytest.mark.parametrize("change", ["body", "gone", "new", "ttl"])
def test_whoever_changes_a_sealed_day_breaks_its_seal(make_world: Callable[..., World], change: str) -> None:
    world = sealed(make_world)
    item = next(one for one in items(world, day(1)) if '"amount":500' in one["body"]["S"])
    key = {name: item[name] for name in ("pk", "sk")}
    if change == "gone":
        world.client.delete_item(TableName="shop", Key=key)
    elif change == "new":
        world.client.put_item(TableName="shop", Item=item | {"sk": {"S": item["sk"]["S"][:-1] + "g"}})
    elif change == "ttl":
        world.client.put_item(TableName="shop", Item=item | {"ttl": {"N": "1"}})
    else:
        world.client.put_item(TableName="shop", Item=item | {"body": {"S": item["body"]["S"].replace("500", "100")}})
    [line] = audit(world.store, day(3)).differences
    assert line.startswith(f"the trail of {day(1)} is not as it was sealed: 2 entries then, ")


def test_a_seal_that_was_made_anew_or_taken_out_breaks_the_chain(make_world: Callable[..., World]) -> None:
    world = sealed(make_world)
    key = {"pk": {"S": "trail-seal"}, "sk": {"S": str(day(1))}}
    old = world.client.get_item(TableName="shop", Key=key)["Item"]
    for item in items(world, day(1)):
        world.client.delete_item(TableName="shop", Key={name: item[name] for name in ("pk", "sk")})
    world.client.delete_item(TableName="shop", Key=key)
    assert broken_seals(world.store, []) == [
        f"the trail of {day(1)} to {day(1)} has no seal",
        f"the trail's seal of {day(2)} is not made upon that of {TODAY}",
    ]
    assert world.store.trail.seal(world.store.trail.digest(day(1), world.store.trail.seals()[0].sha))
    assert world.client.get_item(TableName="shop", Key=key)["Item"] != old
    assert broken_seals(world.store, []) == [f"the trail's seal of {day(2)} is not made upon that of {day(1)}"]


def test_an_act_that_lasts_past_the_seal_of_its_day_is_told_in_another_entry_and_breaks_nothing(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    kept = Trail(world.store.trail, lambda: world.now)
    world.now = datetime.combine(day(1), time(), VILLAGE) - timedelta(minutes=5)
    quick, slow = (kept.begin(actor.OPERATOR, "wang", name, {"order": ORDERS[0]}, {}) for name in ("pack", "refund"))
    world.later(60 * 20)
    kept.end(quick, TrailOutcome(world.now, 200))
    world.later(60 * 25)
    assert (seal(world.store, TODAY).day, seal(world.store, TODAY).entries) == (TODAY, 2)
    kept.end(slow, TrailOutcome(world.now, 200))
    assert broken_seals(world.store, [TODAY]) == []
    of_day = [(one.act, one.outcome is not None) for one in world.store.trail.day(TODAY, "~")]
    assert sorted(of_day) == [("pack", True), ("refund", False)]
    assert [(one.act, one.outcome and one.outcome.status) for one in world.store.trail.day(day(1), "~")] == [
        ("refund", 200)
    ]
    assert len(world.store.trail.places("order", ORDERS[0])) == 3
