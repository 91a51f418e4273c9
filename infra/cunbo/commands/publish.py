"""`cunbo publish`: shows what would change in a running shop, and brings it live; or brings an earlier release back."""

import sys
from argparse import ArgumentParser, Namespace

from storefront.read import messages

from cunbo.commands import target
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.core.refusal import Refusal
from cunbo.publishing.publish import FaultyContent, Published, Publisher
from cunbo.publishing.told import told, told_releases, told_step


def add_publish(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo publish`."""
    target.add_stage(command)
    command.add_argument(
        "--back", nargs="?", const="", metavar="RELEASE", help="bring an earlier release back (default: the last one)"
    )
    command.add_argument("--list", action="store_true", help="list the releases that can be brought back")
    command.add_argument("--yes", action="store_true", help="do not ask before it goes live")
    command.epilog = "It shows what will change before it asks. The content alone is published: a new program of the"
    command.epilog += " shop, or of its pages, is deployed."
    command.set_defaults(run=_publish)


def _publish(typed: Namespace, paths: Paths) -> int:
    lang = messages.of_writer()
    say = messages.of(lang)["publishing"]
    with refusing_aws_errors():
        publisher = Publisher(paths, *target.target(paths, typed.stage), lang)
        if typed.list:
            for line in told_releases(*publisher.releases(), lang):
                note(line)
            return 0
        try:
            if typed.back is None:
                proposal = publisher.propose(told_step(lang))
            else:
                proposal = publisher.propose_back(typed.back, told_step(lang))
        except FaultyContent as error:
            for fault in error.faults:
                note(str(fault))
            return 1
        for line in told(proposal.parts, lang):
            note(line)
        if proposal.is_empty:
            note(say["nothing"])
            return 0
        _ask(typed.yes, say["ask"], say["not_done"])
        done: Published = publisher.go(proposal, told_step(lang))
    note(say["done"].format(release=done.release.id))
    for line in done.notes:
        note(line)
    return 0


def _ask(agreed: bool, question: str, refused: str) -> None:
    if agreed:
        return
    if not sys.stdin.isatty():
        raise Refusal("nobody can be asked here: look at the changes, and say --yes")
    if input(f"{question} [y/N] ").strip().lower() not in {"y", "yes", "是"}:
        raise Refusal(refused)
