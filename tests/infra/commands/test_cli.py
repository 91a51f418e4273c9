"""The command's refusals: one clear line, and the exit code that scripts can rely on."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from cunbo import cli
from cunbo.core.paths import Paths
from cunbo.core.refusal import Refusal
from cunbo.deploy.deploy import SETTINGS, UNKNOWN, parameters_of
from cunbo.local.stack import Ports

from tests.infra.command_line import run
from tests.ports import free_port

SKU = "spicy-cabbage-500g"


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cli, "Paths", lambda: Paths(state=tmp_path))


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_says_its_arguments(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    assert capsys.readouterr().out.startswith(f"usage: cunbo {command} ")


def test_help_lists_every_command_once_below_who_needs_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    parts = capsys.readouterr().out.split("\nFor ")[1:]
    listed = [re.findall(r"^  (\S+)  ", part, re.MULTILINE) for part in parts]
    assert [{cli.COMMANDS[name].who for name in names} for names in listed] == [{who} for who in cli.WHO]
    assert sorted(name for names in listed for name in names) == sorted(cli.COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["refnd"], "there is no command refnd: did you mean refund?"),
        (["Drops-end"], "did you mean drop-end?"),
        (["zzzz"], "there is no command zzzz: there are advisories, audit"),
        (["qr", "cabage-1"], "there is no room cabage-1: did you mean cabbage-1?"),
        (["qr", "cabbage-1", "spicy-cabage-500g"], "did you mean spicy-cabbage-500g?"),
        (["jars", "spicy-cabbage", "2026-11-26"], "did you mean spicy-cabbage-"),
    ],
)
def test_a_name_that_is_not_known_is_answered_with_the_one_that_was_meant(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["build", "x"], ["write", "8500"], ["danger", "x"], ["order"], ["video", "8mm"]])
def test_what_is_wrong_stands_below_the_usage_of_the_command_that_was_meant(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert capsys.readouterr().err.startswith(f"usage: cunbo {arguments[0]} ")


@pytest.mark.parametrize("command", ["--help", "check"])
def test_help_and_check_load_no_client_of_aws_and_no_server(command: str) -> None:
    script = (
        "import atexit, sys; from cunbo.cli import main\n"
        "atexit.register(lambda: print(*{'boto3', 'aiohttp', 'mkdocs'} & sys.modules.keys(), file=sys.stderr))\n"
        f"main([{command!r}])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([SKU, "tomorrow", "5"], "tomorrow is no date"),
        ([SKU, "2099-02-30", "5"], "2099-02-30 is no date"),
        ([SKU, "2020-01-01", "5"], "2020-01-01 is past"),
        ([SKU, "2099-12-01", "1.5"], "1.5 is no number of units"),
        ([SKU, "2099-12-01", "-1"], "-1 is no number of units"),
        ([SKU, "2099-12-01", "9999999"], "9999999 is no number of units"),
        ([SKU, "2099-12-01", "5"], "the local stack is not running"),
    ],
)
def test_a_batch_that_cannot_be_is_refused_in_a_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("batch", *arguments) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["plan", "audit", "refund 11111111111111111111"])
def test_the_stock_of_a_stack_that_does_not_run_cannot_be_asked_for(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*command.split()) == 2
    assert "make up" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["", "0", "-1", "1.5", "soon", "10000000"])
def test_up_refuses_a_hold_that_is_none(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOLD_SECONDS", value)
    assert run("up") == 2
    assert f"HOLD_SECONDS is {value!r}" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["", "0", "65534", "http"])
def test_up_refuses_a_port_that_is_none(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", value)
    assert run("up") == 2
    assert f"PORT is {value!r}" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ports = Ports.beside(free_port())
    with socket.create_server(("127.0.0.1", ports.mail)):
        monkeypatch.setenv("PORT", str(ports.shop))
        assert run("up") == 2
    said = capsys.readouterr().err
    assert f"port {ports.mail}, for the mailbox, is taken" in said
    assert "PORT=" in said


def test_check_says_every_fault_and_leaves_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "products").mkdir()
    (tmp_path / "products" / "x.md").write_text("---\nsku: 1\n---\n")
    assert run("check", "--content", str(tmp_path)) == 1
    assert "products/x.md:" in capsys.readouterr().out


def test_check_for_production_says_more_and_deploy_to_a_real_stage_refuses_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("check") == 0
    assert run("check", "--production") == 1
    said = capsys.readouterr().out.splitlines()
    assert any("content/shop.yml:" in line and "this is a sample" in line for line in said)
    assert run("deploy", "prod") == 2
    refused = capsys.readouterr().err
    assert all(line in refused for line in said)


def test_check_of_a_folder_that_is_not_there_is_a_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--content", "/no/such/folder") == 2
    assert "there is no folder" in capsys.readouterr().err


def test_deploy_says_every_setting_that_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("deploy", "--help") == 0
    said = capsys.readouterr().out
    assert [name for name in (*SETTINGS, "SMTP_URL") if name not in said] == []


def test_a_stage_keeps_what_is_not_given_anew() -> None:
    before = {"Stage": "shop", "ShopUrl": "https://d1.cloudfront.net", "MailFrom": "a@b.cn", "CodeKey": "k"}
    assert parameters_of("shop", {}, {"MAIL_FROM": ""}) == {"Stage": "shop", "ShopUrl": UNKNOWN}
    kept = {"Stage": "shop", "ShopUrl": "https://d1.cloudfront.net", "MailFrom": "a@b.cn"}
    assert parameters_of("shop", before, {"MAIL_IDENTITY": "b.cn"}) == kept | {"MailIdentity": "b.cn"}


@pytest.mark.parametrize("name", ["MAIL_FROM", "MANAGER_MAIL"])
def test_an_address_that_is_none_is_refused_before_anything_is_deployed(name: str) -> None:
    with pytest.raises(Refusal, match=name):
        parameters_of("shop", {}, {name: "Shop <shop@example.com>"})


def test_the_sandbox_of_text_messages_is_refused_for_a_real_shop_before_anything_is_deployed() -> None:
    with pytest.raises(Refusal, match="SMS_BY"):
        parameters_of("shop", {}, {"SMS_BY": "sandbox"})
    assert parameters_of("sandbox-1", {}, {"SMS_BY": "sandbox"})["SmsBy"] == "sandbox"


def test_a_new_domain_is_where_the_shop_is_unless_it_is_said_otherwise() -> None:
    before = {"ShopUrl": "https://d1.cloudfront.net"}
    given = {"DOMAIN": "shop.example.cn", "IAM_CERTIFICATE_ID": "ASCA1"}
    assert parameters_of("shop", before, given)["ShopUrl"] == "https://shop.example.cn"
    elsewhere = parameters_of("shop", before, given | {"SHOP_URL": "https://www.example.cn"})
    assert elsewhere["ShopUrl"] == "https://www.example.cn"
    assert parameters_of("shop", elsewhere, {})["ShopUrl"] == "https://www.example.cn"


@pytest.mark.parametrize("stage", ["local", "Prod", "a_b", "1"])
def test_deploy_refuses_a_name_that_is_none(stage: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("deploy", stage) == 2
    assert f"{stage} is no stage to deploy" in capsys.readouterr().err
