"""What buyers and readers have said that is shown, as a stage's export has it: the newest few of each page."""

from datetime import date
from pathlib import Path

import msgspec


class SpokenVoice(msgspec.Struct, frozen=True):
    """A voice as pages show it: words are text, whatever they are."""

    name: str
    words: str
    day: date
    lang: str
    title: str = ""
    stars: int = 0
    city: str = ""
    batch: date | None = None


class Spoken(msgspec.Struct, frozen=True):
    """What is said of one page's subject: the newest, how many there are, and how many with one to five stars."""

    voices: tuple[SpokenVoice, ...]
    count: int
    stars: tuple[int, ...] = (0, 0, 0, 0, 0)

    @property
    def average(self) -> float:
        """The mean of its stars; 0 where it has none."""
        given = sum(self.stars)
        return sum(many * (place + 1) for place, many in enumerate(self.stars)) / given if given else 0


def read(path: str) -> dict[str, Spoken]:
    """Return what is said by subject, such as "product/spicy-cabbage"; nothing where there is no export.

    Raise OSError where a file that is named is not there, msgspec.DecodeError where it is none.
    """
    return msgspec.json.decode(Path(path).read_bytes(), type=dict[str, Spoken]) if path else {}
