"""Commands on the site: `build` makes all its pages, `write` shows them while they are being written, and `publish`
brings them live, or an earlier release.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from functools import partial

from storefront.read import messages

from cunbo.authoring.preview import write
from cunbo.authoring.serving import LOCAL
from cunbo.commands.target import add_stage, operations, target
from cunbo.core import content
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.core.refusal import Refusal
from cunbo.deploy import site
from cunbo.local.up import port
from cunbo.operations.voices import spoken
from cunbo.publishing.page import PublishPage, stages_of
from cunbo.publishing.publish import FaultyContent, Publisher
from cunbo.publishing.told import told, told_releases, told_step


def add_build(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo build`."""
    command.add_argument("--stage", metavar="NAME", help="have pages say what buyers said there (default: nothing)")
    command.set_defaults(run=_build)


def add_write(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo write`."""
    command.set_defaults(run=_write)


def _build(typed: Namespace, paths: Paths) -> int:
    catalog, _ = content.read(paths.content)
    voices = spoken(operations(paths, typed.stage).store, catalog) if typed.stage else b"{}"
    site.build(paths, os.environ.get("SHOP_URL", "http://127.0.0.1:8000"), voices)
    note(f"The site is in {paths.site}.")
    return 0


def _write(_: Namespace, paths: Paths) -> int:
    at = port(os.environ.get("PORT", "8000"))
    publishing = PublishPage(paths, partial(target, paths), stages_of(os.environ), f"http://{LOCAL}:{at}/")
    write(paths, at, publishing.add_to)
    return 0


def add_publish(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo publish`."""
    add_stage(command)
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
        publisher = Publisher(paths, *target(paths, typed.stage), lang)
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
        done = publisher.go(proposal, told_step(lang))
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
