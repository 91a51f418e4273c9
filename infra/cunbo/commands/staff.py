"""The commands of who works here: invite a device, list those there are, put one out."""

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING

from cunbo.core.house import House, Refusal
from cunbo.core.progress import counted, note

if TYPE_CHECKING:
    from chalicelib.door import Door

Commands = argparse._SubParsersAction
MOST_HOURS = 30 * 24


def add(commands: "Commands[argparse.ArgumentParser]") -> list[argparse.ArgumentParser]:
    """Adds the commands with their words, and gives them."""
    staff = commands.add_parser("staff", help="invite the devices of hosts, managers and big screens; list, revoke")
    verbs = staff.add_subparsers(required=True, metavar="VERB")
    invite = verbs.add_parser("invite", help="print an invitation for one device, as link and as code")
    invite.add_argument("role", metavar="ROLE", help="host, board (the big screen) or manager")
    invite.add_argument("name", metavar="NAME", help="whose device it will be, such as 小王")
    invite.add_argument("--hours", default="24", metavar="N", help="how long it can be used (default: 24)")
    invite.set_defaults(run=_invite)
    listed = verbs.add_parser("list", help="list devices, and invitations that can still be used")
    listed.set_defaults(run=_list)
    revoke = verbs.add_parser("revoke", help="put out a device at once, or withdraw an invitation")
    revoke.add_argument("device", metavar="DEVICE", help="as `list` names it")
    revoke.set_defaults(run=_revoke)
    return [invite, listed, revoke]


def _invite(said: argparse.Namespace, house: House) -> int:
    from chalicelib.errors import Invalid
    from chalicelib.staff import ROLES

    from cunbo.core.cloud import plainly
    from cunbo.operations.invitations import printed

    if said.role not in ROLES:
        raise Refusal(f"there is no role {said.role}: it is one of {', '.join(ROLES)}")
    if not said.hours.isascii() or not said.hours.isdigit() or not 1 <= int(said.hours) <= MOST_HOURS:
        raise Refusal(f"{said.hours} is no number of hours: write a whole number from 1 to {MOST_HOURS}")
    with plainly():
        try:
            link, made = _door(said, house).invite(said.role, said.name, timedelta(hours=int(said.hours)))
        except Invalid as error:
            raise Refusal(f"NAME: {error.faults[0].detail}") from None
    note(printed(link))
    note(link)
    note(
        f"For one device, as {made.role}, within {counted(int(said.hours), 'hour')}. Whoever has this link can use it."
    )
    return 0


def _list(said: argparse.Namespace, house: House) -> int:
    from cunbo.core.cloud import plainly
    from cunbo.operations.drops import shown

    with plainly():
        devices, waiting = _door(said, house).in_force()
    for device in devices:
        note(f"{device.id}  {device.role:<8} {device.name}, since {shown(device.since)}")
    for one in waiting:
        note(f"{one.id}  {one.role:<8} {one.name}, invited until {shown(one.until)}")
    note(f"{counted(len(devices), 'device')}, {counted(len(waiting), 'invitation')}.")
    return 0


def _revoke(said: argparse.Namespace, house: House) -> int:
    from chalicelib.errors import NotFound

    from cunbo.core.cloud import plainly

    with plainly():
        try:
            _door(said, house).revoke(said.device)
        except NotFound as error:
            raise Refusal(f"{error}: `cunbo staff list` names them") from None
    note(f"{said.device} is out.")
    return 0


def _door(said: argparse.Namespace, house: House) -> "Door":
    from cunbo.commands.target import target
    from cunbo.operations.invitations import door

    cloud, stack = target(house, said.stage)
    return door(cloud, stack.outputs(), stack.parameters()["ShopUrl"])
