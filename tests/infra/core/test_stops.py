"""Work that is stopped says so in one line, and hands signals back as it found them."""

import os
import signal
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from cunbo.core.paths import Paths
from cunbo.core.stops import STOPPED, stoppable

ENDS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@contextmanager
def handled_by(end: signal.Signals, handler: Any) -> Iterator[None]:
    """Has this process take a signal so, whatever the shell has said that began the tests."""
    before = signal.signal(end, handler)
    try:
        yield
    finally:
        signal.signal(end, before)


@pytest.mark.parametrize("end", ENDS)
def test_what_is_stopped_closes_what_it_holds_and_leaves_in_one_line(
    end: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = []

    def work(_: Namespace, __: Paths) -> int:
        try:
            os.kill(os.getpid(), end)
            return 0
        finally:
            closed.append(True)

    usual = signal.default_int_handler if end is signal.SIGINT else signal.SIG_DFL
    with handled_by(end, usual):
        assert stoppable(work, "stopped")(Namespace(), Paths()) == STOPPED
        assert closed == [True] and signal.getsignal(end) is usual
    assert capsys.readouterr().err == "\ncunbo: stopped\n"


@pytest.mark.parametrize("end", ENDS)
def test_what_was_begun_to_outlast_its_terminal_goes_on(end: signal.Signals) -> None:
    """As `nohup` begins it, and shells what they run in the background."""

    def work(_: Namespace, __: Paths) -> int:
        os.kill(os.getpid(), end)
        return 0

    with handled_by(end, signal.SIG_IGN):
        assert stoppable(work, "stopped")(Namespace(), Paths()) == 0
