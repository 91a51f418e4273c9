"""The command `verify`: explores the models of the shop, replays the small ones, and has every planted fault found."""

import gc
import logging
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from cunbo.core.paths import Paths
from cunbo.core.progress import note, progress
from cunbo.verify.explorer import Explored, explore
from cunbo.verify.instances import FAULTS, LARGE, SMALL, planted
from cunbo.verify.replay import replay
from cunbo.verify.shop import TABLE, ShopModel
from cunbo.verify.testbed import table_in_process


def add_verify(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo verify`."""
    command.add_argument("--small", action="store_true", help="leave out the large instances")
    command.set_defaults(run=_verify)


def _verify(typed: Namespace, _: Paths) -> int:
    logging.disable(logging.CRITICAL)  # what the shop would say of every loss that is tried on it
    gc.disable()  # what is known is kept, so there is nothing to collect
    broken = 0
    for words, make in SMALL.items():
        model = make(())
        broken += not _sound(words, model)
        broken += not _replayed(words, model)
    for words, make in {} if typed.small else LARGE.items():
        broken += not _sound(words, make(()))
    for fault in FAULTS:
        with planted(fault) as model:
            found = explore(model, seen=_counting(fault.words)).violation
        note(f"planted: {fault.words}: {f'found in {len(found.moves)} moves: {found.what}' if found else 'NOT FOUND'}")
        broken += found is None
    note(f"{len(FAULTS)} faults planted; {broken or 'nothing'} wrong")
    return min(broken, 1)


def _sound(words: str, model: ShopModel) -> bool:
    found: Explored = explore(model, seen=_counting(words))
    note(f"{found} ({words})")
    if found.violation:
        note(str(found.violation))
    return found.violation is None


def _replayed(words: str, model: ShopModel) -> bool:
    with table_in_process(TABLE) as client:
        found = replay(model, client, TABLE, lambda done, of: progress(f"{words}: replayed", done / of))
    note(found.differs or f"{words}: {found.reads:,} reads and {found.writes:,} writes replayed, all alike")
    return found.differs is None


def _counting(words: str) -> Callable[[int, int], None]:
    return lambda known, waiting: progress(f"{words}: {known:,} states known; visited", 1 - (waiting + 1) / known)
