"""Where the parts of the house lie, and what the command says when something is wrong."""

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class Refusal(Exception):
    """What stands in the way, in one line, and how to mend it; the command prints it and leaves with 2."""


@dataclass(frozen=True)
class House:
    """The house's folders; `state` is where the local stack keeps what it must remember."""

    root: Path = ROOT
    state: Path = field(default=ROOT / ".local")

    @property
    def content(self) -> Path:
        """What the village writes."""
        return self.root / "content"

    @property
    def functions(self) -> Path:
        """The Chalice project."""
        return self.root / "functions"

    @property
    def build(self) -> Path:
        """All that is made, and can be thrown away."""
        return self.root / "build"

    @property
    def site(self) -> Path:
        """The site as MkDocs builds it; the path stands in mkdocs.yml too."""
        return self.build / "site"

    @property
    def ministack(self) -> Path:
        """The emulator, in an environment of its own: a function sees every package of the environment it runs in."""
        return self.root / ".local" / "ministack" / "bin" / "ministack"

    @property
    def running(self) -> Path:
        """Says where the local stack listens, while it does."""
        return self.state / "running.json"

    @property
    def mail(self) -> Path:
        """The letters that the local stack has sent."""
        return self.state / "mail"


def digest(*roots: Path, salt: Iterable[str] = ()) -> str:
    """A hash of the files below `roots` (names and bytes) and of `salt`: equal when nothing has changed."""
    total = hashlib.sha256("\0".join(salt).encode())
    for root in roots:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"\0{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
                total.update(path.read_bytes())
    return total.hexdigest()


@contextmanager
def alone(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Holds `folder` for this process alone; where another has it, waits or raises Refusal."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Refusal("the local stack is running: stop it with Ctrl-C where it was started") from None
        yield


def is_held(folder: Path) -> bool:
    """Whether some process has `folder` for itself."""
    try:
        with alone(folder):
            return False
    except Refusal:
        return True
