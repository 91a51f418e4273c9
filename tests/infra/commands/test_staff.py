"""`cunbo staff`: inviting, listing and putting out devices, and the invitations that `up` prints."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chalicelib.domain.calendar import village_day
from chalicelib.domain.staff import ROLES
from chalicelib.services.access import Access, Caller
from cunbo.cli import main
from cunbo.commands import staff
from cunbo.operations import invitations
from moto import mock_aws

from tests.functions.helpers.world import World, make_key

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with mock_aws():
        found = World()
        monkeypatch.setattr(staff, "_access", lambda said, house: found.shop.access)
        yield found


@pytest.fixture
def run(world: World, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            main(["staff", *words])
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out + said.err

    return command


def enrol(door: Access, link: str) -> Any:
    return door.enrol(Caller("", writes=True, origin="http://shop"), make_key(), link.partition("#")[2])


def test_an_invitation_is_printed_as_link_and_as_code_and_enrols_one_device(world: World, run: Run) -> None:
    days = {village_day(datetime.now(UTC)) + timedelta(days=step) for step in (0, 1)}  # the terminal's own clock
    status, said = run("invite", "host", "小王", "--room", "cabbage-1", "--room", "cabbage-2", "--hours", "2")
    [link] = re.findall(r"http://shop/staff/#\S+", said)
    assert (status, "█" in said or "▄" in said, "as host in cabbage-1, cabbage-2, within 2 hours" in said) == (
        0,
        True,
        True,
    )
    world.now += timedelta(minutes=119)
    token, device = enrol(world.shop.access, link)
    assert (device.role, device.name, device.rooms) == ("host", "小王", ("cabbage-1", "cabbage-2"))
    status, said = run("list")
    row = f"{device.id}  host     小王 in cabbage-1, cabbage-2, since 2026-11-24 13:59, never used: ends in 60 days"
    assert row in said
    assert "1 device, 0 invitations." in said
    assert run("revoke", device.id) == (0, f"{device.id} is out.\n")
    by_terminal = {(one.by, one.act) for day in days for one in world.store.trail.day(day, "~") if one.outcome}
    assert by_terminal == {("operator", "invite"), ("operator", "revoke")}
    assert run("list") == (0, "0 devices, 0 invitations.\n")
    assert token not in said


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("invite", "cook", "小王"), "there is no role cook: it is one of host, packer, board, bookkeeper, manager"),
        (("invite", "host", " ", "--all-rooms"), "NAME: whose device it will be"),
        (
            ("invite", "host", "小王"),
            "--room or --all-rooms: in which rooms a host may act, one or more of: cabbage-1,",
        ),
        (("invite", "host", "小王", "--room", "kitchen"), "there is no room kitchen; there are: cabbage-1,"),
        (("invite", "manager", "小王", "--room", "cabbage-1"), "bound to no rooms: leave them out"),
        (("invite", "host", "小王", "--hours", "0"), "0 is no number of hours"),
        (("invite", "host", "小王", "--hours", "9999"), "from 1 to 720"),
        (("revoke", "abc"), "there is no device and no invitation abc: `cunbo staff list` names them"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(run: Run, words: tuple[str, ...], remedy: str) -> None:
    status, said = run(*words)
    assert (status, remedy in said) == (2, True), said


@pytest.mark.parametrize(
    ("role", "words", "rooms"),
    [
        ("host", ("--room", "cabbage-1"), ("cabbage-1",)),
        ("host", ("--room", "cabbage-1", "--room", "cabbage-1"), ("cabbage-1",)),
        ("host", ("--all-rooms",), None),
        ("board", (), None),
        ("manager", (), None),
        ("manager", ("--all-rooms",), None),
    ],
)
def test_an_invitation_names_the_rooms_of_its_device(
    world: World, run: Run, role: str, words: tuple[str, ...], rooms: tuple[str, ...] | None
) -> None:
    status, said = run("invite", role, "小王", *words)
    assert status == 0, said
    [waiting] = world.shop.access.in_force()[1]
    assert (waiting.role, waiting.rooms) == (role, rooms)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "last used today: ends in 60 days unless it is used"),
        (1, "last used 1 day ago: ends in 59 days unless it is used"),
        (59, "last used 59 days ago: ends in 1 day unless it is used"),
    ],
)
def test_the_list_says_when_a_device_was_last_used_and_how_long_it_has_left(
    world: World, run: Run, days: int, words: str
) -> None:
    token, _ = enrol(world.shop.access, world.shop.access.invite("manager", "小王")[0])
    world.shop.access.authorize(Caller(token, writes=False), {"manager"})
    world.now += timedelta(days=days)
    assert words in run("list")[1]
    world.now += timedelta(days=60 - days)
    assert run("list") == (0, "0 devices, 0 invitations.\n")


def test_up_prints_an_invitation_for_each_role_and_withdraws_those_of_its_last_start(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    link, _ = world.shop.access.invite("host", "小王")
    for _ in range(2):
        invitations.print_invitations(world.shop.access)
    said = capsys.readouterr().out
    assert len(re.findall(r"http://shop/staff/#\S+", said)) == 2 * len(ROLES)
    waiting = world.shop.access.in_force()[1]
    assert sorted(one.name for one in waiting) == sorted([*ROLES, "小王"]), "a real one stays"
    assert enrol(world.shop.access, link)
