"""The trail of what is done at a terminal: each command that changes a stage enters what it does, as devices do."""

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.desk.trail import Fact, TrailOutcome, plain
from chalicelib.services.desk.trail import Trail
from chalicelib.services.stage import utc_now
from chalicelib.storage.desk.trail import TrailStore

from cunbo.core.refusal import Refusal


@contextmanager
def acting(
    store: TrailStore, act: str, about: Mapping[str, str], facts: Mapping[str, Fact] | None = None
) -> Iterator[dict[str, Fact]]:
    """Enter an act before it is done, and then what came of it; what is put to the yielded facts is entered too.

    `about` and `facts` are as domain/desk/trail.py has them. What was refused is a 409 there, as on a page.
    """
    trail = Trail(store, utc_now)
    words = {name: plain(fact) if isinstance(fact, str) else fact for name, fact in (facts or {}).items()}
    entry = trail.begin(OPERATOR, signed_in(), act, about, {name: fact for name, fact in words.items() if fact != ""})
    found: dict[str, Fact] = {}
    try:
        yield found
    except BaseException as error:
        refused = isinstance(error, Refusal)
        outcome = TrailOutcome(utc_now(), 409 if refused else 500, "not-now" if refused else "fault")
        trail.end(entry, outcome)
        raise
    trail.end(entry, TrailOutcome(utc_now(), 200, facts=found))


def signed_in() -> str:
    """Return who is signed in at this computer; nobody where it does not say."""
    try:
        return getpass.getuser()[:24]
    except OSError:
        return ""
