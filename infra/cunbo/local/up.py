"""`cunbo up`: the local stack until somebody stops it."""

import signal
import time
from collections.abc import Mapping
from contextlib import ExitStack
from types import FrameType

from chalicelib.domain.settings import BadSetting, hold_seconds

from cunbo.core.mailbox import PAGE
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.core.refusal import Refusal
from cunbo.local.paying import paying, tell
from cunbo.local.stack import HOST, LocalStack, Ports
from cunbo.local.tracking import tell_where, tracking
from cunbo.operations import invitations

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """What the signals that stop the shop call."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Stop the shop; a second Ctrl-C is ignored, since MiniStack is writing its state."""
        self.asked = True
        for again in STOPS:
            signal.signal(again, signal.SIG_IGN)
        raise KeyboardInterrupt

    def check(self) -> None:
        """Raise KeyboardInterrupt where a signal's was lost: Python drops what is raised in a finalizer."""
        if self.asked:
            raise KeyboardInterrupt


def up(paths: Paths, environ: Mapping[str, str]) -> None:
    """Run the shop at PORT (8000) with holds of HOLD_SECONDS (900), paid by PAY (sandbox), until a signal stops it.

    Its parcels are followed by TRACK (nobody).
    """
    ports = Ports.beside(port(environ.get("PORT", "8000")))
    try:
        hold = hold_seconds(environ.get("HOLD_SECONDS", "900"))
    except BadSetting as error:
        raise Refusal(str(error)) from None
    started = time.monotonic()
    stop = Stop()
    for number in STOPS:
        signal.signal(number, stop)
    try:
        with ExitStack() as exits:
            payments, stand_ins = paying(environ, f"http://{HOST}:{ports.shop}", ports.shop, exits)
            track, roadside = tracking(environ, f"http://{HOST}:{ports.shop}", ports.shop, exits)
            stack = LocalStack(paths, ports, hold, payments=payments)
            stack.track = track
            exits.enter_context(stack)
            _welcome(stack, time.monotonic() - started)
            if stand_ins:
                tell(stand_ins)
            if roadside:
                tell_where(roadside)
            while stack.emulator.alive():
                stop.check()
                time.sleep(1)
            raise Refusal(f"MiniStack has ended by itself; {stack.emulator.log} may say why")
    except KeyboardInterrupt:
        note("\nThe shop is closed; its orders and stock are kept for the next `make up`.")


def port(value: str) -> int:
    """Return the port that is asked for; raises Refusal where it or the two after it cannot be."""
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 65_533:
        raise Refusal(f"PORT is {value!r}: it must be a whole number from 1 to 65533, with the next two free as well")
    return int(value)


def _welcome(stack: LocalStack, seconds: float) -> None:
    product = stack.catalog.products[0]
    note(
        f"\nThe shop is open after {seconds:.0f} s. Ctrl-C closes it.\n\n"
        f"  the shop          {stack.url}/\n"
        f"  in English        {stack.url}/en/\n"
        f"  a product         {stack.url}/products/{product.id}/\n"
        f"  letters it sends  {(stack.paths.mail / PAGE).as_uri()}\n"
    )
    invitations.print_invitations(invitations.operator_access(stack.cloud, stack.outputs, stack.url))
