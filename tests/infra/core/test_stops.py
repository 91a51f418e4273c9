"""Work that is stopped says so in one line, and hands signals back as it found them."""

import os
import signal
from argparse import Namespace

import pytest
from cunbo.core.paths import Paths
from cunbo.core.stops import STOPPED, stoppable


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
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

    before = signal.getsignal(end)
    assert stoppable(work, "stopped")(Namespace(), Paths()) == STOPPED
    assert closed == [True] and signal.getsignal(end) is before
    assert capsys.readouterr().err == "\ncunbo: stopped\n"
