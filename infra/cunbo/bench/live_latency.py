"""Latency from a host's tap to the overlay, and to where a scan leads, over HTTP and through the edge's cache."""

import json
import random
import threading
import time
import urllib.error
import urllib.request
from itertools import cycle, islice
from typing import Any

from cunbo.core.progress import note
from cunbo.local.stack import LocalStack
from cunbo.operations.invitations import operator_access

TAPS, EVERY, ROOM = 40, 0.5, "cabbage-1"


def live_latency(stack: LocalStack) -> None:
    """Print how long a host's taps take to be seen."""
    shown, led = measure(stack)
    note(f"\nFrom a host's tap, {TAPS} of them, an overlay asking each {EVERY} s: seconds at p50, p95, longest")
    for what, times in (("to the overlay", shown), ("to /q/room", led)):
        note(f"  {what:16}{times[TAPS // 2]:6.2f}{p95(times):6.2f}{times[-1]:6.2f}")


def p95(times: list[float]) -> float:
    """Return the 95th percentile of times that are sorted."""
    return times[len(times) * 95 // 100]


def measure(stack: LocalStack) -> tuple[list[float], list[float]]:
    """Pin one product after another, at last none, while an overlay asks twice a second.

    Returns the seconds to the overlay and those to where a scan leads, of each tap, shortest first.
    """
    cookie, screen = _enrol(stack), Overlay(stack.url)
    shown, led = [], []

    def pin(sku: str | None) -> None:
        _ask(stack.url, "PUT", f"/api/rooms/{ROOM}/showing", {"sku": sku}, Cookie=cookie, Origin=stack.url)

    with screen:
        for sku in islice(cycle(list(stack.catalog.packs)), TAPS):
            time.sleep(random.uniform(0, 1))  # noqa: S311 - a tap falls anywhere between two asks
            began = time.perf_counter()
            pin(sku)
            while not _ask(stack.url, "GET", f"/q/{ROOM}").headers["Location"].endswith(f"#{sku}"):
                pass
            led.append(time.perf_counter() - began)
            shown.append(screen.when(sku) - began)
    pin(None)
    return sorted(shown), sorted(led)


class Overlay:
    """An overlay: what it shows, and since when."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: dict[str, float] = {}
        self.news = threading.Condition()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> "Overlay":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.ended.set()
        self.thread.join()

    def when(self, sku: str) -> float:
        """Return when it showed the SKU; waits until it does."""
        with self.news:
            self.news.wait_for(lambda: sku in self.seen, 10)
            return self.seen[sku]

    def _follow(self) -> None:
        while not self.ended.wait(EVERY):
            showing = json.loads(_ask(self.url, "GET", f"/api/rooms/{ROOM}").body)["showing"]
            with self.news:
                if showing and showing["sku"] not in self.seen:
                    self.seen = {showing["sku"]: time.perf_counter()}
                    self.news.notify()


class _HttpReply:
    def __init__(self, answer: Any) -> None:
        self.headers, self.body = answer.headers, answer.read()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _ask(url: str, method: str, path: str, body: Any = None, **headers: str) -> _HttpReply:
    data = None if body is None else json.dumps(body).encode()
    names = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{url}{path}", data, names, method=method)  # noqa: S310 - the local stack's
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=30) as answer:
            return _HttpReply(answer)
    except urllib.error.HTTPError as error:
        if error.code != 302:
            raise
        return _HttpReply(error)


def _enrol(stack: LocalStack) -> str:
    link, _ = operator_access(stack.cloud, stack.outputs, stack.url).invite("host", "bench")
    asked = {"invitation": link.partition("#")[2]}
    key = f"bench-enrols-{time.time_ns()}"
    answer = _ask(stack.url, "POST", "/api/staff/enrol", asked, Origin=stack.url, Idempotency_Key=key)
    return str(answer.headers["Set-Cookie"]).partition(";")[0]
