"""How uv comes here: it checks the hash of all else that is installed, and so its own is checked as well."""

import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cunbo.core.paths import ROOT

PINNED = "9.9.9"
SAYS = "the uv of the wheel"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house with nothing but what brings uv; a wheel of uv lies where pip looks, and no uv is on PATH."""
    for name in ("infra", "wheels", "bin"):
        (tmp_path / name).mkdir()
    shutil.copy(ROOT / "infra" / "uv", tmp_path / "infra" / "uv")
    lock(tmp_path, make_wheel(tmp_path / "wheels"))
    return tmp_path


def make_wheel(folder: Path) -> str:
    """Lays a wheel of uv into the folder; its hash."""
    info = f"uv-{PINNED}.dist-info"
    path = folder / f"uv-{PINNED}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        program = zipfile.ZipInfo(f"uv-{PINNED}.data/scripts/uv")
        program.external_attr = 0o100755 << 16
        wheel.writestr(program, f"#!/bin/sh\necho '{SAYS}' \"$@\"\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: uv\nVersion: {PINNED}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lock(house: Path, digest: str) -> None:
    (house / "requirements-uv.lock").write_text(f"# made\nuv=={PINNED} \\\n    --hash=sha256:{digest}\n")


def uv_on_path(house: Path, version: str) -> None:
    script = house / "bin" / "uv"
    script.write_text(
        f'#!/bin/sh\n[ "$*" = --version ] && echo "uv {version} (x)" && exit\necho "the uv on PATH" "$@"\n'
    )
    script.chmod(0o755)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python whose environments are copies of one: to make one anew takes most of a test's time."""
    folder = tmp_path_factory.mktemp("quick")
    made, python = folder / "made", folder / "python"
    subprocess.run([sys.executable, "-m", "venv", made], check=True)
    python.write_text(f'#!/bin/sh\n[ "$1 $2" = "-m venv" ] && exec cp -R "{made}" "$3"\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return str(python)


def ask(house: Path, *words: str, python: str = sys.executable) -> "subprocess.CompletedProcess[str]":
    """Runs infra/uv with a pip that finds what lies in the house, and no index."""
    environ = {
        "PATH": f"{house / 'bin'}:/usr/bin:/bin",
        "PYTHON": python,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(house / "wheels"),
        "PIP_CONFIG_FILE": os.devnull,
    }
    command = [house / "infra" / "uv", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_uv_is_installed_once_by_its_hash(house: Path) -> None:
    assert ask(house, "venv", "x y").stdout == f"{SAYS} venv x y\n"
    shutil.rmtree(house / "wheels")
    assert ask(house, "pip").stdout == f"{SAYS} pip\n"
    assert stat.S_IMODE((house / ".local").stat().st_mode) == 0o700


def test_a_uv_that_is_not_the_one_of_the_lock_is_never_run(house: Path, quick: str) -> None:
    lock(house, "0" * 64)
    for _ in range(2):
        done = ask(house, "venv", python=quick)
        assert (done.returncode, done.stdout) == (2, "")
        assert "requirements-uv.lock" in done.stderr
    assert not (house / ".local" / "boot" / "bin" / "uv").exists()


def test_the_uv_on_path_is_taken_where_its_version_is_the_one_of_the_lock(house: Path) -> None:
    uv_on_path(house, PINNED)
    assert ask(house, "venv").stdout == "the uv on PATH venv\n"


@pytest.mark.parametrize("version", ["9.9.10", ""])
def test_another_uv_on_path_is_left_alone(house: Path, version: str, quick: str) -> None:
    uv_on_path(house, version)
    assert ask(house, "venv", python=quick).stdout == f"{SAYS} venv\n"


def test_what_is_locked_is_what_is_refreshed() -> None:
    assert re.search(r"^uv==[0-9.]+ \\$", (ROOT / "requirements-uv.lock").read_text(), re.MULTILINE)
    assert "infra/requirements-uv.in -o requirements-uv.lock" in (ROOT / "Makefile").read_text()
