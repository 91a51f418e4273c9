"""TRACK and TRACK_SETTINGS: who follows parcels, what is wrong with settings, and `cunbo track check`, keys untold."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cunbo.commands import target
from cunbo.core.refusal import Refusal
from cunbo.deploy.pay import FIELDS
from cunbo.deploy.track import NOBODY, check, track_of
from cunbo.local.paying import AFTER
from cunbo.local.tracking import tell_where, tracking
from cunbo.standins.server import StandIns

from tests.infra.command_line import run
from tests.ports import free_port

SHOP = "http://127.0.0.1:1"
Read = Callable[..., Any]


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[StandIns]:
    with StandIns(SHOP, {"kuaidi100": free_port()}) as found:
        yield found


@pytest.fixture
def given(stand_ins: StandIns) -> dict[str, Any]:
    """Settings that lead to the stand-in."""
    found: dict[str, Any] = stand_ins.settings()
    return found


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def settings(content: object, stage: str = "local", track: str = "kuaidi100", **before: str) -> Any:
        path = tmp_path / "track.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return track_of(stage, before, {"TRACK": track, "TRACK_SETTINGS": str(path)})

    return settings


def test_nobody_follows_parcels_on_the_first_day_and_what_a_stage_has_stays(read: Read, given: dict[str, Any]) -> None:
    assert track_of("shop", {}, {}) == NOBODY
    assert NOBODY.parameters == {"TrackBy": "", "TrackKuaidi100": "", "TrackSf": ""}
    found = read(given)
    assert found.parameters == {"TrackBy": "kuaidi100", "TrackKuaidi100": "yes", "TrackSf": ""}
    assert json.loads(found.given["kuaidi100"]) == given["kuaidi100"]
    kept = track_of("shop", found.parameters, {})
    assert (kept.parameters, kept.given) == (found.parameters, {})
    assert track_of("shop", found.parameters, {"TRACK": "none"}).parameters == NOBODY.parameters


def test_all_that_is_wrong_is_told_at_once_and_no_key_is(read: Read) -> None:
    wrong = {"key": "hidden-1", "customer": 5, "salt": "", "poll_url": "http://a.example", "x": "hidden-2"}
    with pytest.raises(Refusal) as refused:
        read({"kuaidi100": wrong, "ups": {}}, track="kuaidi100,sf", stage="shop")
    said = [line.strip() for line in str(refused.value).splitlines()[1:]]
    assert said == [
        "ups: there is no service of this name",
        "kuaidi100.x: it is no setting of this service",
        "kuaidi100.customer: it must be text",
        "kuaidi100.salt: it is empty",
        "kuaidi100.poll_url: it must begin with https://, and end without a slash",
        "sf: TRACK names it, and TRACK_SETTINGS has no settings of it",
    ]
    assert "hidden" not in str(refused.value)
    for content, words in (
        (b"{", "it must be JSON"),
        ([], "it must be JSON"),
        ({"kuaidi100": []}, "must be an object"),
    ):
        with pytest.raises(Refusal, match=words):
            read(content)
    with pytest.raises(Refusal, match="cannot be read"):
        track_of("local", {}, {"TRACK": "sf", "TRACK_SETTINGS": "/nothing/here"})
    with pytest.raises(Refusal, match="TRACK is 'ups'"):
        track_of("local", {}, {"TRACK": "ups"})


def test_settings_are_proved_before_they_are_deployed_and_as_a_stage_has_them(
    given: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "track.json"
    path.write_text(json.dumps(given))
    monkeypatch.setenv("TRACK", "kuaidi100")
    monkeypatch.setenv("TRACK_SETTINGS", str(path))
    assert run("track", "check") == 0
    assert capsys.readouterr().out.splitlines() == ["kuaidi100: it answers, and the keys fit."]
    path.write_text(json.dumps({"kuaidi100": given["kuaidi100"] | {"customer": "other"}}))
    assert run("track", "check") == 1
    assert "kuaidi100: the service refuses: 503" in capsys.readouterr().out

    class Deployed:
        """A stage that 快递100 follows parcels for."""

        def outputs(self) -> dict[str, str]:
            return {"Kuaidi100SecretId": "kuaidi100", "MailSecretId": "mail"}

        def client(self, service: str) -> "Deployed":
            return self

        def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803
            return {"SecretString": json.dumps(given[SecretId])}

    monkeypatch.delenv("TRACK_SETTINGS")
    monkeypatch.setattr(target, "target", lambda paths, stage: (Deployed(), Deployed()))
    assert run("track", "check", "--stage", "sandbox-1") == 0
    assert capsys.readouterr().out.splitlines() == ["kuaidi100: it answers, and the keys fit."]


def test_who_does_not_answer_has_proved_nothing(given: dict[str, Any]) -> None:
    nowhere = given["kuaidi100"] | {"poll_url": f"http://127.0.0.1:{free_port()}"}
    assert "nothing is proved" in (check("kuaidi100", json.dumps(nowhere).encode()) or "")
    assert "is not what it must be" in (check("sf", b"{}") or "")


def test_make_up_has_a_stand_in_follow_parcels_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port() - AFTER - len(FIELDS)
    with ExitStack() as exits:
        assert tracking({}, SHOP, port, exits) == (NOBODY, None)
        track, served = tracking({"TRACK": "standins"}, SHOP, port, exits)
        assert served
        url = json.loads(track.given["kuaidi100"])["poll_url"]
        assert url == f"http://127.0.0.1:{port + AFTER + len(FIELDS)}"
        tell_where(served)
        assert f"{url}/" in capsys.readouterr().out
        with pytest.raises(Refusal, match="is taken"):
            tracking({"TRACK": "standins"}, SHOP, port, exits)
