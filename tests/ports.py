"""Ports for servers that a test starts.

What the system calls a free port may be anybody's a moment later: an outgoing connection takes it, or the other
worker's test. So these lie below those that systems hand out for connections, and each worker of a run has a thousand
of its own.
"""

import os
import socket
from contextlib import ExitStack

FIRST = 20000
EACH = 1000
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_first = FIRST + _worker * EACH
_next = iter(range(_first, _first + EACH - 2, 3))


def free_port() -> int:
    """Return a port that nobody uses, nor either of the two after it; it is returned once."""
    for port in _next:
        with ExitStack() as sockets:
            try:
                for beside in range(3):
                    sockets.enter_context(socket.create_server(("127.0.0.1", port + beside)))
            except OSError:
                continue
            return port
    raise RuntimeError("this worker has used up its ports")
