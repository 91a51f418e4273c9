"""What the local stack writes is its owner's alone: a secret, orders with addresses, letters."""

import os
from pathlib import Path
from typing import BinaryIO

PRIVATE = 0o077
"""The umask of what is started: it takes from everybody else what they might do."""


def open_private(path: Path) -> BinaryIO:
    """Open a file for writing, of which its owner alone may read; what it held is gone."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def write(path: Path, text: str) -> None:
    """Write a file that its owner alone may read."""
    with open_private(path) as file:
        file.write(text.encode())


def append(path: Path, text: str) -> None:
    """Add to a file that its owner alone may read; make it where there is none."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as file:
        file.write(text.encode())


def make_folder(path: Path) -> None:
    """Make a folder, with those above it, that its owner alone may enter; one that is there becomes so."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


def make_private(path: Path) -> None:
    """Take a file, or a folder with all in it, from everybody but its owner; links are left as they are."""
    if path.is_symlink():
        return
    path.chmod(path.stat().st_mode & ~PRIVATE & 0o777)
    if path.is_dir():
        for entry in path.iterdir():
            make_private(entry)
