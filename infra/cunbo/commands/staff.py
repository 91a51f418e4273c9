"""Commands on the devices of people who work for the shop: invite one, list them, revoke one."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import date, timedelta

from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.staff import BOUND, ROLES, Device, EveryRoom, Invitation, goods_of, rooms_of
from chalicelib.services.access import Access
from chalicelib.storage.desk.trail import TrailStore

from cunbo.commands import target
from cunbo.core import content
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import counted, note
from cunbo.core.refusal import Refusal
from cunbo.operations.drops import shown
from cunbo.operations.invitations import operator_access, terminal_code
from cunbo.operations.trail import acting

MOST_HOURS = 30 * 24
ARGUMENTS = {"/name": "NAME", "/rooms": "--room or --all-rooms", "/goods": "--goods"}
"""Where the command takes what a fault points at."""


def add_staff(command: ArgumentParser) -> None:
    """Add the verbs of `cunbo staff`, each with its arguments."""
    verbs = command.add_subparsers(required=True, metavar="VERB")
    invite = verbs.add_parser("invite", help="print an invitation for one device, as link and as code")
    invite.add_argument("role", metavar="ROLE", help="host, packer, board (the big screen), bookkeeper or manager")
    invite.add_argument("name", metavar="NAME", help="whose device it will be, such as 小王")
    rooms = invite.add_mutually_exclusive_group()
    rooms.add_argument("--room", dest="rooms", action="append", metavar="ROOM", help="a host's room; again for another")
    rooms.add_argument("--all-rooms", action="store_true", help="every room, also those that come later")
    invite.add_argument(
        "--goods", action="append", metavar="PRODUCT", help="a packer's product; again for another (default: all)"
    )
    invite.add_argument("--hours", default="24", metavar="N", help="how long it can be used (default: 24)")
    invite.set_defaults(run=_invite)
    listed = verbs.add_parser("list", help="list devices, and invitations that can still be used")
    listed.set_defaults(run=_list)
    revoke = verbs.add_parser("revoke", help="revoke a device at once, or withdraw an invitation")
    revoke.add_argument("device", metavar="DEVICE", help="as `list` names it")
    revoke.set_defaults(run=_revoke)
    for verb in (invite, listed, revoke):
        target.add_stage(verb)


def _invite(typed: Namespace, paths: Paths) -> int:
    if typed.role not in ROLES:
        raise Refusal(f"there is no role {typed.role}: it is one of {', '.join(ROLES)}")
    if not typed.hours.isascii() or not typed.hours.isdigit() or not 1 <= int(typed.hours) <= MOST_HOURS:
        raise Refusal(f"{typed.hours} is no number of hours: write a whole number from 1 to {MOST_HOURS}")
    with refusing_aws_errors():
        try:
            known = content.read(paths.content)[0].room_of if typed.role in BOUND else ()
            rooms = rooms_of(typed.role, _asked(typed), known)
            made_here = [one.id for one in content.read(paths.content)[0].products] if typed.goods else ()
            goods = goods_of(typed.role, typed.goods, made_here)
            access, lasts = _access(typed, paths), timedelta(hours=int(typed.hours))
            with acting(TrailStore(access.devices.table), "invite", {}, {"role": typed.role}) as facts:
                link, made = access.invite(typed.role, typed.name, rooms, lasts, goods)
                facts["device"] = made.id
        except Invalid as error:
            [fault] = error.faults
            raise Refusal(f"{ARGUMENTS[fault.pointer]}: {fault.detail}") from None
    note(terminal_code(link))
    note(link)
    hours = counted(int(typed.hours), "hour")
    note(f"For one device, as {made.role}{_bounds(made)}, within {hours}. Whoever has this link can use it.")
    return 0


def _asked(typed: Namespace) -> Sequence[str] | EveryRoom | None:
    rooms: Sequence[str] | None = typed.rooms
    return "all" if typed.all_rooms else rooms


def _bounds(one: Device | Invitation) -> str:
    rooms = f" in {', '.join(one.rooms)}" if one.rooms is not None else ""
    return rooms + (f" of {', '.join(one.goods)}" if one.goods is not None else "")


def _list(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        access = _access(typed, paths)
        devices, waiting = access.in_force()
    for device in devices:
        use = _use(device, access.today)
        note(f"{device.id}  {device.role:<8} {device.name}{_bounds(device)}, since {shown(device.since)}, {use}")
    for one in waiting:
        note(f"{one.id}  {one.role:<8} {one.name}{_bounds(one)}, invited until {shown(one.until)}")
    note(f"{counted(len(devices), 'device')}, {counted(len(waiting), 'invitation')}.")
    return 0


def _use(device: Device, today: date) -> str:
    """When it was last used, and how long it lasts if nobody uses it."""
    left = counted((device.ends - today).days, "day")
    if device.seen is None:
        return f"never used: ends in {left}"
    days = (today - device.seen).days
    ago = f"{counted(days, 'day')} ago" if days else "today"
    return f"last used {ago}: ends in {left} unless it is used"


def _revoke(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        try:
            access = _access(typed, paths)
            with acting(TrailStore(access.devices.table), "revoke", {"device": typed.device}):
                access.revoke(typed.device)
        except NotFound as error:
            raise Refusal(f"{error}: `cunbo staff list` names them") from None
    note(f"{typed.device} is out.")
    return 0


def _access(typed: Namespace, paths: Paths) -> Access:
    cloud, stack = target.target(paths, typed.stage)
    return operator_access(cloud, stack.outputs(), stack.parameters()["ShopUrl"])
