"""How long work is stopped, by Ctrl-C or by the end of its terminal: in one line, and with what it began put away."""

import signal
from argparse import Namespace
from collections.abc import Callable

from cunbo.core.paths import Paths
from cunbo.core.progress import note_error

STOPPED = 130
"""What a command leaves with that was stopped, as shells have it."""


def stoppable(run: Callable[[Namespace, Paths], int], says: object) -> Callable[[Namespace, Paths], int]:
    """Return the command, which says so where it is stopped, and leaves with STOPPED; what it holds is closed first."""

    def stopped(typed: Namespace, paths: Paths) -> int:
        ends = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
        ends = [each for each in ends if signal.getsignal(each) is not signal.SIG_IGN]  # nohup has it go on
        was = [signal.signal(each, signal.default_int_handler) for each in ends]
        try:
            return run(typed, paths)
        except KeyboardInterrupt:
            note_error(f"\ncunbo: {says}")
            return STOPPED
        finally:
            for each, handler in zip(ends, was, strict=True):
                signal.signal(each, handler)

    return stopped
