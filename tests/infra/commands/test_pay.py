"""`cunbo pay check`: settings from a file before they are deployed, or those that a stage has."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cunbo.commands import target
from cunbo.deploy import pay as settings
from cunbo.standins.server import StandIns

from tests.infra.command_line import run
from tests.ports import free_port

SHOP = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[StandIns]:
    first = free_port()
    with StandIns(SHOP, {name: first + number for number, name in enumerate(settings.FIELDS)}) as found:
        yield found


@pytest.fixture
def given(stand_ins: StandIns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings in the file that PAY_SETTINGS names."""
    path, found = tmp_path / "pay.json", stand_ins.settings()
    monkeypatch.setenv("PAY", "wechat,alipay,stripe")
    monkeypatch.setenv("PAY_SETTINGS", str(path))
    monkeypatch.setenv("SHOP_URL", SHOP)
    path.write_text(json.dumps(found))
    return found


def test_settings_in_a_file_are_proved_before_they_are_deployed(
    given: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("pay", "check") == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [f"{name}: it answers, and the keys fit." for name in ("wechat", "alipay", "stripe")]


def test_what_a_provider_does_not_take_is_told_and_leaves_with_1(
    given: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_URL", "https://other.example.com")
    assert run("pay", "check") == 1
    said = capsys.readouterr().out
    assert "stripe: Stripe has no webhook endpoint that leads to https://other.example.com/api" in said
    assert "wechat: it answers" in said


def test_stripe_is_not_asked_for_an_endpoint_at_no_address(
    given: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_URL")
    assert run("pay", "check") == 2
    assert "set SHOP_URL, or DOMAIN" in capsys.readouterr().err
    monkeypatch.setenv("PAY", "wechat,alipay")
    assert run("pay", "check") == 0


def test_settings_that_cannot_be_right_are_refused_before_anybody_is_asked(
    given: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("pay", "check", "--stage", "shop") == 2
    said = capsys.readouterr().err
    assert said.count("base_url: it is for a stage named local or sandbox") == 3


def test_what_a_stage_has_is_proved_by_its_own_secrets_and_address(
    given: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stage:
        """A deployed stage that is paid by Alipay and Stripe."""

        def outputs(self) -> dict[str, str]:
            return {"AlipaySecretId": "alipay", "StripeSecretId": "stripe", "MailSecretId": "mail"}

        def parameters(self) -> dict[str, str]:
            return {"ShopUrl": SHOP}

        def client(self, service: str) -> "Stage":
            return self

        def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803
            return {"SecretString": json.dumps(given[SecretId])}

    monkeypatch.delenv("PAY_SETTINGS")
    monkeypatch.setattr(target, "target", lambda paths, stage: (Stage(), Stage()))
    assert run("pay", "check", "--stage", "sandbox-1") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{name}: it answers, and the keys fit." for name in ("alipay", "stripe")
    ]
