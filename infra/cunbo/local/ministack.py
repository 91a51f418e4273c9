"""The emulator of AWS on this machine, as a process that never outlives its owner and that serves nobody else."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from cunbo.core.cloud import Credentials
from cunbo.core.paths import Paths
from cunbo.core.private import PRIVATE, open_private
from cunbo.core.progress import note_error
from cunbo.core.refusal import Refusal
from cunbo.local import guard

PATIENCE = 60.0
"""Seconds that it may take to start, or to write its state when it stops."""
UNWRITTEN = "MiniStack did not stop and was killed: orders and stock are again as it last wrote them"


class EmulatorKeys(NamedTuple):
    """What opens one start of the emulator; nobody can guess them, and the next start has others."""

    credentials: Credentials
    owner: str
    """What the process proves itself by that has started it."""

    @classmethod
    def made(cls) -> Self:
        """Return new ones."""
        credentials = Credentials(f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30))
        return cls(credentials, owner=secrets.token_urlsafe(30))


class MiniStack:
    """A running emulator; `url` is where it listens, `keys` are what it asks for."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, log: Path, keys: EmulatorKeys) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        self.keys = keys

    @property
    def proof(self) -> dict[str, str]:
        """Return the header that lets its owner ask the emulator itself, and the shop's API and site by their hosts."""
        return {guard.OWNER_KEY: self.keys.owner}

    def ask(self, path: str, timeout: float = 1) -> bytes:
        """Return what the emulator says of itself at `path`, within `timeout` seconds; raises OSError."""
        request = urllib.request.Request(f"{self.url}{path}", headers=self.proof)  # noqa: S310
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            found: bytes = answer.read()
            return found

    def alive(self) -> bool:
        """Return whether it still runs."""
        return self.process.poll() is None

    def wait(self) -> None:
        """Wait until it responds; raises Refusal where it ends before, or takes longer than PATIENCE."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if not self.alive():
                raise Refusal(f"MiniStack did not start; the end of {self.log} says:\n{_tail(self.log)}")
            with contextlib.suppress(OSError):
                self.ask("/_ministack/health")
                return
            time.sleep(0.05)
        raise Refusal(f"MiniStack does not answer after {PATIENCE:.0f} s; {self.log} may say why")


@contextmanager
def ministack(paths: Paths, port: int, auth: bool) -> Iterator[MiniStack]:
    """Start MiniStack without waiting for it, and stop it by SIGTERM: on no other signal does it write its state.

    Without `auth` it lets everybody do everything.
    """
    if not paths.ministack.exists():
        raise Refusal("the emulator of AWS is not installed: run `make up`, which installs it")
    _forget_stream_positions(paths.state / "aws" / "lambda.json")
    log, keys = paths.state / "ministack.log", EmulatorKeys.made()
    with open_private(log) as output:
        process = subprocess.Popen(  # noqa: S603
            [paths.ministack, "-I", guard.__file__],
            env=_environment(paths, port, auth, keys),
            umask=PRIVATE,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for its owner, who stops it in order
        )
    pid = _pid_file(paths)
    pid.write_text(str(process.pid))
    try:
        yield MiniStack(process, port, log, keys)
    finally:
        if not _stop(process):
            note_error(UNWRITTEN)
        pid.unlink()


def stop_leftover(paths: Paths) -> None:
    """Stop the emulator of an owner that was killed, as that owner would have: so even then its state is written."""
    try:
        pid = int(_pid_file(paths).read_text())
        command = _command(pid)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return
    if str(paths.ministack) not in command:  # the number is another process' by now
        return
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < until:
            os.kill(pid, 0)
            time.sleep(0.1)
        os.killpg(pid, signal.SIGKILL)
        note_error(UNWRITTEN)


def _command(pid: int) -> str:
    """Return the command line of a process."""
    linux = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        return linux.read_text().replace("\0", " ")
    return subprocess.check_output(["ps", "-p", str(pid), "-o", "command="], text=True)  # noqa: S603, S607


def _pid_file(paths: Paths) -> Path:
    return paths.state / "ministack.pid"


def _forget_stream_positions(kept: Path) -> None:
    """Make streams be read from their beginning, which is where MiniStack starts.

    It keeps how many records were read and not the records, and so would pass over as many new ones.
    """
    if kept.exists():
        state = json.loads(kept.read_bytes())
        state["payload"]["dynamodb_stream_positions"] = {}
        kept.write_text(json.dumps(state))


def _environment(paths: Paths, port: int, auth: bool, keys: EmulatorKeys) -> dict[str, str]:
    """Return the variables that it needs and no others: none of the operator's credentials reach the emulator."""
    temporary = paths.state / "tmp"
    temporary.mkdir(mode=0o700, exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(paths.state),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "AUTH": str(auth).lower(),
        "AWS_ACCESS_KEY_ID": keys.credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.credentials.secret_access_key,
        guard.OWNER_KEY_VARIABLE: keys.owner,
        # A function that starts asks back for its secret: were every thread held by such starts, none could answer.
        "MINISTACK_WORKER_THREADS": "256",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(paths.state / "aws"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(paths.state / "s3"),
    }


def _stop(process: "subprocess.Popen[bytes]") -> bool:
    """Stop it and all that it started; return whether it ended by itself, and so wrote its state."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    by_itself = process.poll() is not None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # functions that it may have left behind
    process.wait()
    return by_itself


def _tail(log: Path, lines: int = 5) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
