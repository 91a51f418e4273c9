"""Commands on the site: `build` makes all its pages, `write` shows them while they are being written."""

import os
from argparse import ArgumentParser, Namespace
from functools import partial

from cunbo.authoring.preview import write
from cunbo.authoring.serving import LOCAL
from cunbo.commands.target import operations, target
from cunbo.core import content
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.deploy import site
from cunbo.local.up import port
from cunbo.operations.voices import spoken
from cunbo.publishing.page import PublishPage, stages_of


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
