"""Locks on folders, so that two processes never use the local stack's state or the build at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cunbo.core.private import open_private
from cunbo.core.refusal import Refusal


@contextmanager
def folder_lock(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Lock `folder` for this process until the block ends.

    Where another process has it, waits for it with `wait`, and else raises Refusal.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open_private(folder / "lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Refusal("the local stack is running: stop it with Ctrl-C where it was started") from None
        yield


def is_locked(folder: Path) -> bool:
    """Return whether some process has locked `folder`."""
    try:
        with folder_lock(folder):
            return False
    except Refusal:
        return True
