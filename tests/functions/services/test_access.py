"""Devices that act for the village: how one is enrolled, once for each invitation, and put out again at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from chalicelib.domain.errors import BadInvitation, Forbidden, Invalid, Malformed, NotFound, Unauthorized
from chalicelib.domain.staff import Device, digest
from chalicelib.services.access import Caller

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


@pytest.mark.parametrize("name", ["", "  ", "x" * 25, "a\x00b", "a\u202eb"])
def test_a_name_that_is_none_is_refused(world: World, name: str) -> None:
    with pytest.raises(Invalid, match="/name"):
        invite(world, name=name)


def test_an_enrolment_needs_a_key_so_that_it_can_be_repeated(world: World) -> None:
    with pytest.raises(Malformed, match="Idempotency-Key"):
        world.shop.access.enrol(HOME, "short", invite(world))
