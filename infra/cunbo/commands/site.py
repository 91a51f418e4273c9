"""Commands on the site: `build` makes all its pages, `write` shows them while they are being written."""

import os
from argparse import ArgumentParser, Namespace

from cunbo.authoring.preview import write
from cunbo.core import content
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.deploy import site
from cunbo.local.up import port


def add_build(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo build`."""
    command.set_defaults(run=_build)


def add_write(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo write`."""
    command.set_defaults(run=_write)


def _build(_: Namespace, paths: Paths) -> int:
    content.read(paths.content)
    site.build(paths, os.environ.get("SHOP_URL", "http://127.0.0.1:8000"))
    note(f"The site is in {paths.site}.")
    return 0


def _write(_: Namespace, paths: Paths) -> int:
    write(paths, port(os.environ.get("PORT", "8000")))
    return 0
