"""`cunbo up` as a person uses it: started, stopped, killed and started again."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from chalicelib.domain.aggregate import STUCK
from cunbo.commands.target import operations
from cunbo.core.content import read
from cunbo.core.locks import is_locked
from cunbo.core.paths import Paths
from cunbo.core.refusal import Refusal
from cunbo.load.surge import order_of
from cunbo.local.ministack import PATIENCE, UNWRITTEN, stop_leftover
from cunbo.local.stack import Ports, reset, running
from cunbo.operations.stock import BatchCapacity

from tests.conftest import free_ports, open_to_others

SKU = "spicy-cabbage-500g"
FAR = date.today() + timedelta(days=300)
UP = """
import os, sys
from pathlib import Path
from cunbo.local import up
from cunbo.core.paths import Paths
root, state, *ports = sys.argv[1:]
up.Ports.beside = classmethod(lambda cls, port: cls(*map(int, ports)))
up.up(Paths(Path(root), Path(state)), os.environ)
"""
IN_VAIN = """
import signal
from cunbo.local import up
class Thrown:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)
up._welcome = lambda *_: Thrown() and None
"""


def command(paths: Paths, ports: Ports) -> list[str]:
    numbers = map(str, (ports.shop, ports.aws, ports.mail))
    return [sys.executable, "-c", UP, str(paths.root), str(paths.state), *numbers]


@contextmanager
def started(paths: Paths, ports: Ports) -> Iterator["subprocess.Popen[str]"]:
    """The command in a process of its own, once its pages are open."""
    with subprocess.Popen(
        command(paths, ports), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout
            said = []
            for line in process.stdout:
                said.append(line)
                if "letters it sends" in line:
                    break
            assert process.poll() is None, "".join(said)
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def stop(process: "subprocess.Popen[str]", number: signal.Signals) -> None:
    """Stops the command by a signal; fails where it does not end well, or without its emulator's state."""
    process.send_signal(number)
    said, _ = process.communicate(timeout=2 * PATIENCE)
    assert process.returncode == 0, said
    assert UNWRITTEN not in said


def processes_of(paths: Paths) -> list[str]:
    """Every process that works in the stack's folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            environment = entry.with_name("environ").read_bytes()
            if f"STATE_DIR={paths.state}/aws".encode() in environment:
                found.append(entry.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def make_batch(paths: Paths, units: int) -> None:
    """Makes the batch far away that large."""
    operations(paths, None).set_batch(read(paths.content)[0], BatchCapacity(SKU, FAR, units))


def units(paths: Paths) -> int:
    """What is left of the batch far away."""
    batches = operations(paths, None).store.stock.declared(SKU, FAR)
    return next((batch.sellable for batch in batches if batch.ship_by == FAR), 0)


def a_letter_comes(paths: Paths) -> bool:
    """Places an order with an e-mail address; whether its letter is there before the sweep would send it."""
    body = order_of(SKU, 1, buyer="restarted") | {"email": "wang@example.com"}
    headers = {"Content-Type": "application/json", "Idempotency-Key": "an-order-after-a-restart"}
    request = urllib.request.Request(f"{running(paths).shop}/api/checkout", json.dumps(body).encode(), headers)
    urllib.request.urlopen(request, timeout=20).close()
    until = time.monotonic() + STUCK.total_seconds() / 2
    while time.monotonic() < until:
        if [*paths.mail.glob("*.eml")]:
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[Paths]:
    found = Paths(state=tmp_path)
    yield found
    stop_leftover(found)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="it reads the list of processes from /proc")
def test_what_is_in_stock_outlives_a_stop_and_a_kill_and_ends_with_a_reset(paths: Paths) -> None:
    ports = free_ports()
    with started(paths, ports) as process:
        with urllib.request.urlopen(f"{running(paths).shop}/", timeout=10) as page:
            assert page.status == 200
        make_batch(paths, 7)
        with pytest.raises(Refusal, match="is running"):
            reset(paths)
        stop(process, signal.SIGINT)
    assert processes_of(paths) == []
    assert (paths.state / "aws" / "dynamodb.json").exists()
    assert open_to_others(paths.state) == []
    for kept in (paths.state, *paths.state.rglob("*")):  # as a stack left it that did not know better
        kept.chmod(0o755 if kept.is_dir() else 0o644)

    with started(paths, ports) as process:
        assert open_to_others(paths.state) == []
        assert units(paths) == 7
        assert a_letter_comes(paths), "the stream is read on, long before the sweep would send it"
        assert open_to_others(paths.state) == []
        make_batch(paths, 9)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)

    with started(paths, ports) as process:
        assert units(paths) == 9
        stop(process, signal.SIGTERM)

    reset(paths)
    assert not (paths.state / "aws").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="it reads the list of processes from /proc")
def test_a_signal_that_comes_while_an_object_is_thrown_away_still_stops_the_shop(paths: Paths) -> None:
    python, c, script, *rest = command(paths, free_ports())
    done = subprocess.run([python, c, IN_VAIN + script, *rest], capture_output=True, text=True, check=True, timeout=120)
    assert "Exception ignored in" in done.stderr
    assert "The shop is closed" in done.stdout
    assert processes_of(paths) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="it reads the list of processes from /proc")
def test_a_start_that_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path / "state")
    paths.content.mkdir()  # with nothing in it
    paths.ministack.parents[2].mkdir()
    paths.ministack.parents[1].symlink_to(Paths().ministack.parents[1])
    done = subprocess.run(command(paths, free_ports()), capture_output=True, text=True, check=False)
    assert "the content has faults" in done.stderr
    assert processes_of(paths) == []
    assert not is_locked(paths.state)
