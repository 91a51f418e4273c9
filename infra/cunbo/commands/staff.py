"""Commands on the devices of people who work for the shop: invite one, list them, revoke one."""

from argparse import ArgumentParser, Namespace
from datetime import timedelta

from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.staff import ROLES
from chalicelib.services.access import Access

from cunbo.commands import target
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import counted, note
from cunbo.core.refusal import Refusal
from cunbo.operations.drops import shown
from cunbo.operations.invitations import operator_access, terminal_code

MOST_HOURS = 30 * 24


def add_staff(command: ArgumentParser) -> None:
    """Add the verbs of `cunbo staff`, each with its arguments."""
    verbs = command.add_subparsers(required=True, metavar="VERB")
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
    for verb in (invite, listed, revoke):
        target.add_stage(verb)


def _invite(typed: Namespace, paths: Paths) -> int:
    if typed.role not in ROLES:
        raise Refusal(f"there is no role {typed.role}: it is one of {', '.join(ROLES)}")
    if not typed.hours.isascii() or not typed.hours.isdigit() or not 1 <= int(typed.hours) <= MOST_HOURS:
        raise Refusal(f"{typed.hours} is no number of hours: write a whole number from 1 to {MOST_HOURS}")
    with refusing_aws_errors():
        try:
            link, made = _access(typed, paths).invite(typed.role, typed.name, timedelta(hours=int(typed.hours)))
        except Invalid as error:
            raise Refusal(f"NAME: {error.faults[0].detail}") from None
    note(terminal_code(link))
    note(link)
    hours = counted(int(typed.hours), "hour")
    note(f"For one device, as {made.role}, within {hours}. Whoever has this link can use it.")
    return 0


def _list(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        devices, waiting = _access(typed, paths).in_force()
    for device in devices:
        note(f"{device.id}  {device.role:<8} {device.name}, since {shown(device.since)}")
    for one in waiting:
        note(f"{one.id}  {one.role:<8} {one.name}, invited until {shown(one.until)}")
    note(f"{counted(len(devices), 'device')}, {counted(len(waiting), 'invitation')}.")
    return 0


def _revoke(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        try:
            _access(typed, paths).revoke(typed.device)
        except NotFound as error:
            raise Refusal(f"{error}: `cunbo staff list` names them") from None
    note(f"{typed.device} is out.")
    return 0


def _access(typed: Namespace, paths: Paths) -> Access:
    cloud, stack = target.target(paths, typed.stage)
    return operator_access(cloud, stack.outputs(), stack.parameters()["ShopUrl"])
