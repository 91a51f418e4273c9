"""The emulator's process: what is said where it does not end in order."""

import os
from pathlib import Path

import cunbo.local.ministack
import pytest
from cunbo.core.paths import Paths

STUBBORN = """#!/bin/sh
trap '' TERM
echo > ready
while :; do sleep 1; done
"""


def test_an_emulator_that_does_not_stop_is_killed_and_what_is_lost_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cunbo.local.ministack, "PATIENCE", 0.1)
    paths = Paths(tmp_path, tmp_path / "state")
    for folder in (paths.state, paths.ministack.parent):
        folder.mkdir(parents=True)
    paths.ministack.write_text(STUBBORN)
    paths.ministack.chmod(0o755)
    os.mkfifo("ready")
    with cunbo.local.ministack.ministack(paths, 1, auth=False) as emulator:
        Path("ready").read_text()  # which waits until it takes no notice of SIGTERM
    assert not emulator.alive()
    assert cunbo.local.ministack.UNWRITTEN in capfd.readouterr().err
