"""Where the parts of the project lie, and whether they have changed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Paths:
    """The project's folders; `state` is where the local stack keeps what it must remember."""

    root: Path = ROOT
    state: Path = field(default=ROOT / ".local")

    @property
    def content(self) -> Path:
        """Return the folder of what the village writes."""
        return self.root / "content"

    @property
    def functions(self) -> Path:
        """Return the folder of the Chalice project."""
        return self.root / "functions"

    @property
    def build(self) -> Path:
        """Return the folder of all that is made and can be thrown away."""
        return self.root / "build"

    @property
    def site(self) -> Path:
        """Return the folder of the site as MkDocs builds it; mkdocs.yml names it too."""
        return self.build / "site"

    @property
    def ministack(self) -> Path:
        """Return the Python that has the emulator.

        It has an environment of its own, since a function sees every package of the environment that it runs in.
        """
        return self.root / ".local" / "ministack" / "bin" / "python"

    @property
    def running(self) -> Path:
        """Return the file that says where the local stack listens, and its keys; it is there only while that runs."""
        return self.state / "running.json"

    @property
    def mail(self) -> Path:
        """Return the folder of the letters that the local stack has sent."""
        return self.state / "mail"


def digest(*roots: Path, salt: Iterable[str] = ()) -> str:
    """Return a SHA-256 of the files below `roots` (names and bytes) and of `salt`: equal when nothing has changed."""
    total = hashlib.sha256("\0".join(salt).encode())
    for root in roots:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"\0{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
                total.update(path.read_bytes())
    return total.hexdigest()
