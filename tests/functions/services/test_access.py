"""Devices that act for the village: how one is enrolled, once for each invitation, and put out again at once."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.errors import BadInvitation, Forbidden, Invalid, Malformed, NotFound, Unauthorized
from chalicelib.domain.staff import Device, Role, digest
from chalicelib.services.access import Caller
from chalicelib.storage.keys import staff_key

from tests.functions.helpers.world import World, make_key

MakeWorld = Callable[..., World]
HOME = Caller("", writes=True, origin="http://shop", site="same-origin")


def by(token: str, writes: bool = False, origin: str = "", site: str = "") -> Caller:
    return Caller(token, writes, origin, site)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()


def invite(world: World, role: str = "host", name: str = "小王") -> str:
    link, _ = world.shop.access.invite(role, name)  # type: ignore[arg-type]
    assert link.startswith("http://shop/staff/#")
    return link.partition("#")[2]


def enrol(world: World, secret: str, key: int = 0) -> tuple[str, Device]:
    return world.shop.access.enrol(HOME, make_key(key), secret)


def test_an_invitation_enrols_one_device_which_may_do_what_its_role_may(world: World) -> None:
    token, device = enrol(world, invite(world))
    assert (device.role, device.name) == ("host", "小王")
    assert world.shop.access.authorize(by(token), {"host", "manager"}) == device
    with pytest.raises(Forbidden, match="enrolled as host, and this is for board or manager"):
        world.shop.access.authorize(by(token), {"board", "manager"})


def test_an_answer_that_was_lost_is_given_again_for_the_same_key_and_for_no_other(world: World) -> None:
    secret = invite(world)
    first = enrol(world, secret)
    assert enrol(world, secret) == first
    with pytest.raises(BadInvitation, match="has been used"):
        enrol(world, secret, key=1)
    assert [one.id for one in world.shop.access.in_force()[0]] == [first[1].id]


def test_of_two_phones_that_use_one_invitation_at_once_one_is_enrolled(world: World) -> None:
    secret, devices = invite(world), world.shop.access.devices
    look = devices.invitation

    def overtaken(given: str) -> object:
        found = look(given)
        devices.invitation = look  # type: ignore[method-assign]
        enrol(world, secret, key=1)
        return found

    devices.invitation = overtaken  # type: ignore[assignment, method-assign]
    with pytest.raises(BadInvitation, match="has been used"):
        enrol(world, secret)
    assert len([*devices.devices()]) == 1


def test_an_invitation_ends(world: World) -> None:
    secret = invite(world)
    world.now += timedelta(hours=24)
    with pytest.raises(BadInvitation, match="ended at 2026-11-25T04:00:00Z"):
        enrol(world, secret)
    assert world.shop.access.in_force() == ([], [])
    with pytest.raises(BadInvitation, match="no such invitation"):
        enrol(world, "made-up")


def test_a_device_that_was_revoked_is_out_at_once_and_its_invitation_does_not_bring_it_back(world: World) -> None:
    secret = invite(world)
    token, device = enrol(world, secret)
    world.shop.access.revoke(device.id)
    with pytest.raises(Unauthorized, match="not any more"):
        world.shop.access.authorize(by(token), {"host"})
    with pytest.raises(BadInvitation, match="has been used"):
        enrol(world, secret)
    with pytest.raises(NotFound, match=device.id):
        world.shop.access.revoke(device.id)


def test_an_invitation_can_be_withdrawn(world: World) -> None:
    secret = invite(world)
    [waiting] = world.shop.access.in_force()[1]
    world.shop.access.revoke(waiting.id)
    with pytest.raises(BadInvitation, match="no such invitation"):
        enrol(world, secret)


def test_neither_tokens_nor_secrets_are_in_the_table(world: World) -> None:
    secret = invite(world)
    token, _ = enrol(world, secret)
    kept = str([*world.store.everything()])
    assert digest(token) in kept
    assert token not in kept
    assert secret not in kept


@pytest.mark.parametrize(
    ("caller", "comes_in"),
    [
        (by("T", writes=True, origin="http://shop", site="same-origin"), True),
        (by("T", writes=True, origin="http://shop"), True),
        (by("T", writes=True), False),
        (by("T", writes=True, origin="null"), False),
        (by("T", writes=True, origin="http://elsewhere"), False),
        (by("T", writes=True, origin="http://shop.elsewhere"), False),
        (by("T", writes=True, origin="http://shop", site="same-site"), False),
        (by("T"), True),
        (by("T", site="none"), True),
        (by("T", origin="http://elsewhere"), False),
        (by("T", site="cross-site"), False),
    ],
)
def test_only_the_shops_own_pages_act(world: World, caller: Caller, comes_in: bool) -> None:
    token, device = enrol(world, invite(world))
    caller = Caller(token, caller.writes, caller.origin, caller.site)
    if comes_in:
        assert world.shop.access.authorize(caller, {"host"}) == device
    else:
        with pytest.raises(Forbidden, match="open http://shop"):
            world.shop.access.authorize(caller, {"host"})


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "0" * 64])
def test_a_token_that_is_none_of_ours_opens_nothing(world: World, token: str) -> None:
    enrol(world, invite(world))
    with pytest.raises(Unauthorized, match="not enrolled"):
        world.shop.access.authorize(by(token), {"host"})


def test_a_use_is_noted_once_a_day_and_costs_one_read_otherwise(world: World) -> None:
    token, _ = enrol(world, invite(world))
    written = []
    for _ in range(3):
        for _ in range(4):
            world.calls.clear()
            world.shop.access.authorize(by(token), {"host"})
            written.append([*world.calls])
        world.now += timedelta(days=1)
    assert written == [["GetItem", "PutItem"], ["GetItem"], ["GetItem"], ["GetItem"]] * 3


def test_the_day_of_use_is_the_villages(world: World) -> None:
    token, _ = enrol(world, invite(world))
    world.now = world.now.replace(hour=16)  # midnight in the village
    world.shop.access.authorize(by(token), {"host"})
    found = world.shop.access.devices.device(token)
    assert found and str(found.seen) == "2026-11-25"


def test_what_is_not_let_in_is_no_use(world: World) -> None:
    token, device = enrol(world, invite(world))
    for caller, roles, room in [
        (by(token), {"board"}, None),
        (by(token, writes=True), {"host"}, None),
    ]:
        with pytest.raises(Forbidden):
            world.shop.access.authorize(caller, roles, room)
    assert world.shop.access.devices.device(token) == device


@pytest.mark.parametrize("used", [False, True])
def test_a_device_that_nobody_uses_is_out_after_sixty_days_and_goes_from_the_table(world: World, used: bool) -> None:
    token, _ = enrol(world, invite(world))
    if used:
        world.now += timedelta(days=10)
        world.shop.access.authorize(by(token), {"host"})
    item = world.store.table.get(staff_key("device", digest(token)))
    assert item
    ends = int((world.now.replace(hour=16) + timedelta(days=59)).timestamp())  # as the sixtieth day begins
    assert item["ttl"] == {"N": str(ends + 86_400)}
    world.now += timedelta(days=59, hours=11)
    assert world.shop.access.in_force()[0]
    world.now += timedelta(hours=1)  # midnight in the village
    with pytest.raises(Unauthorized, match="was not used for too long"):
        world.shop.access.authorize(by(token), {"host"})
    assert world.shop.access.in_force()[0] == []


def test_a_device_that_is_used_lasts(world: World) -> None:
    token, device = enrol(world, invite(world))
    for _ in range(10):
        world.now += timedelta(days=59)
        assert world.shop.access.authorize(by(token), {"host"}).id == device.id


def test_a_device_that_is_revoked_while_its_use_is_noted_stays_out(world: World) -> None:
    token, device = enrol(world, invite(world))
    devices = world.shop.access.devices
    look = devices.device

    def revoked_meanwhile(given: str) -> Device | None:
        found = look(given)
        world.shop.access.revoke(device.id)
        return found

    devices.device = revoked_meanwhile  # type: ignore[method-assign]
    world.shop.access.authorize(by(token), {"host"})
    assert look(token) is None


def stored(body: Mapping[str, str]) -> dict[str, Any]:
    return {"body": {"S": msgspec.json.encode(body).decode()}}


@pytest.mark.parametrize("role", ["host", "board", "manager"])
def test_devices_and_invitations_of_older_code_work_as_they_did(world: World, role: Role) -> None:
    """They name no rooms and no use: they may act in every room, and their enrolment counts as their last use."""
    token = "t" * 48
    old = {"id": digest(token)[:8], "role": role, "name": "小王", "since": "2026-11-20T04:00:00Z"}
    world.store.table.call("put_item", Item=staff_key("device", digest(token)) | stored(old))
    left = {"id": "0" * 8, "role": role, "name": "小李", "until": "2026-11-24T12:00:00Z"}
    world.store.table.call("put_item", Item=staff_key("invite", digest("s")) | stored(left))
    [device] = world.shop.access.in_force()[0]
    assert (device.rooms, device.seen, str(device.ends)) == (None, None, "2027-01-19")
    assert world.shop.access.authorize(by(token), {role}, "cabbage-1") == device
    kept = world.store.table.get(staff_key("device", digest(token)))
    assert kept and {*kept} == {"pk", "sk", "body", "ttl"}
    assert enrol(world, "s")[1].rooms is None


def test_a_host_may_act_in_the_rooms_of_its_invitation_alone(world: World) -> None:
    link, _ = world.shop.access.invite("host", "小王", ("cabbage-2",))
    token, device = enrol(world, link.partition("#")[2])
    assert world.shop.access.authorize(by(token), {"host"}, "cabbage-2") == device
    assert world.shop.access.authorize(by(token), {"host"}).id == device.id
    for room in ("cabbage-1", "Cabbage-2", "", "cabbage-2 "):
        with pytest.raises(Forbidden, match="may act in cabbage-2, and this is"):
            world.shop.access.authorize(by(token), {"host"}, room)


@pytest.mark.parametrize("name", ["=1+1", "小王", "Ana-María", "O’Neil 2"])
def test_a_name_that_can_be_read_is_kept_as_it_is(world: World, name: str) -> None:
    assert enrol(world, invite(world, name=name))[1].name == name


@pytest.mark.parametrize(
    "name", ["", "  ", "x" * 25, "a\x00b", "a\u202eb", "a\u200bb", "\u3164", "a\ud800", "a\u2066b"]
)
def test_a_name_that_is_none_is_refused(world: World, name: str) -> None:
    with pytest.raises(Invalid, match="/name"):
        invite(world, name=name)


def test_an_enrolment_needs_a_key_so_that_it_can_be_repeated(world: World) -> None:
    with pytest.raises(Malformed, match="Idempotency-Key"):
        world.shop.access.enrol(HOME, "short", invite(world))
