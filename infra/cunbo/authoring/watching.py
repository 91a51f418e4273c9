"""Which files of the content have changed, once they have rested: programs write them in several goes."""

import os
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from storefront.read import records
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

if TYPE_CHECKING:
    from watchdog.observers.api import ObservedWatch

SETTLED = 0.05
"""Seconds without a change after which a file is taken to be written."""
PATIENCE = 2
"""Seconds after which a long film that is still being copied keeps nobody else waiting."""
PASSING = ("~", ".swp")
"""Ends of the names of files that are nobody's writing."""
COMPILED = "__pycache__"
"""Folders that Python writes into while the site is built."""
SILENT = {"opened", "closed_no_write"}
"""What happens to a file without changing it."""


class Watcher(FileSystemEventHandler):
    """Gathers which files below `folders` have changed, until they have rested.

    A folder that is removed and made again is another one to the system, so what lies around them is heard, too.
    """

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self.folders = tuple(folders)
        self.paths: set[Path] = set()
        self.heard = threading.Event()
        self.observer = Observer()
        self.watches: list[ObservedWatch] = []
        self.lost = False

    def begin(self) -> None:
        """Listen from now on; raises OSError where the system watches nothing more."""
        for around in {folder.parent for folder in self.folders}:
            self.observer.schedule(self, str(around))
        self.watch()
        self.observer.start()

    def watch(self) -> None:
        """Listen to the folders that are there now."""
        for watch in self.watches:
            with suppress(KeyError, OSError, RuntimeError):
                self.observer.unschedule(watch)
        there = [folder for folder in self.folders if folder.is_dir()]
        self.watches = [self.observer.schedule(self, str(folder), recursive=True) for folder in there]

    def end(self) -> None:
        """Listen no more."""
        self.observer.stop()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Remember what was written, made, moved or removed."""
        if event.event_type in SILENT or (event.is_directory and event.event_type == "modified"):
            return
        names = {Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path}
        if names & {*self.folders}:
            self.lost = True
        elif self.folders:
            names = {path for path in names if any(path.is_relative_to(folder) for folder in self.folders)}
        written = (path for path in names if not path.name.startswith(".") and not path.name.endswith(PASSING))
        if found := {path for path in written if COMPILED not in path.parts}:
            self.paths |= found
            self.heard.set()

    def rested(self) -> set[Path]:
        """Return the files that have changed, once none has for SETTLED seconds, or some have for PATIENCE seconds."""
        until = time.monotonic() + PATIENCE
        while self.heard.is_set() and time.monotonic() < until:
            self.heard.clear()
            time.sleep(SETTLED)
        if self.lost:
            with suppress(OSError):  # it has gone again: what brings it back is heard, too
                self.watch()
                self.lost = False
        found, self.paths = self.paths, set()
        return found


def page_of(content: Path, path: Path) -> tuple[str, str] | None:
    """Return folder and name of the page that a content file holds in one language; None for any other file."""
    if path.suffix != ".md" or not path.is_relative_to(content) or not path.is_file():
        return None
    folder = path.relative_to(content).parent.as_posix()
    return ("" if folder == "." else folder, path.name.partition(".")[0]) if folder in {".", *records.FOLDERS} else None
