"""What every payment provider needs: whoever adds one is told here, place by place, what was left out."""

import ast
import inspect
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from chalicelib import payments
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.settings import PROVIDERS, BadSetting
from chalicelib.network.client import Network
from chalicelib.payments.port import Provider
from chalicelib.services.payments.channels import Surroundings, choose

from tests.functions.helpers.world import NOON, ROOT, World
from tests.functions.payments.contract import BENCHES, CALM

MODULES = sorted(PROVIDERS)
PORT = [name for name in vars(Provider) if not name.startswith("_")]


def provider_of(world: World, name: str) -> Any:
    """The provider of this name, with the settings of its bench."""
    return world.sandbox if name == "sandbox" else BENCHES[name](CALM).provider


def test_each_provider_has_a_bench_for_the_contract_that_all_pass() -> None:
    assert {*BENCHES, "sandbox"} == {*MODULES}, "tests/functions/payments/contract.py: a line in BENCHES"


@pytest.mark.parametrize("name", [name for name in MODULES if name != "sandbox"])
def test_a_provider_is_made_of_its_secret(name: str) -> None:
    with pytest.raises(BadSetting, match=f"the secret of {name}"):
        payments.make(name, b"{}", Network(), "https://shop.example/events", lambda: NOON)


@pytest.mark.parametrize("name", MODULES)
def test_a_provider_has_every_call_of_the_port_with_its_parameters(make_world: Any, name: str) -> None:
    provider = provider_of(make_world(), name)
    for call in PORT:
        assert hasattr(provider, call), f"payments/{name}.py: `{call}` of the port Provider is missing"
        if callable(getattr(provider, call)) and callable(getattr(Provider, call)):
            asked = [*inspect.signature(getattr(Provider, call)).parameters][1:]
            assert [*inspect.signature(getattr(provider, call)).parameters] == asked, f"payments/{name}.py: {call}"


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b'{"paid": true}'])
def test_a_provider_believes_nothing_without_its_signature(make_world: Any, name: str, body: bytes) -> None:
    with pytest.raises((Unauthorized, Malformed)):
        provider_of(make_world(), name).read({}, body, datetime.now(UTC))


@pytest.mark.parametrize("name", MODULES)
def test_a_provider_has_a_name_in_both_languages(name: str) -> None:
    words = yaml.load((ROOT / "site/storefront/read/messages.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)[
        "scripts"
    ]
    assert words["methods"]["name"].get(name, {}).keys() == {"zh", "en"}, (
        f"messages.yml: scripts.methods.name.{name}, in both languages"
    )


@pytest.mark.parametrize("name", MODULES)
def test_a_provider_has_a_channel_where_a_desktop_s_browser_or_wechat_is(name: str) -> None:
    channels = [channel for channel in Channel if channel.provider == name]
    assert channels, f"domain/payments/attempts.py: a Channel of {name}"
    assert choose(name, channels, Surroundings()) in channels, f"services/payments/channels.py: `choose` of {name}"


@pytest.mark.parametrize("name", MODULES)
def test_no_other_provider_may_be_imported_by_a_provider(name: str) -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    [rule] = [one for one in rules if one["name"] == "no payment provider knows another"]
    assert f"chalicelib.payments.{name}" in rule["modules"], f"pyproject.toml: {name} in that contract of importlinter"


@pytest.mark.parametrize("name", MODULES)
def test_a_provider_is_in_the_glossary(name: str) -> None:
    glossary = (ROOT / "infra/docs/glossary.md").read_text(encoding="utf-8")
    assert re.search(f"`{name}`", glossary, re.I), f"glossary.md: {name}"


@pytest.mark.parametrize("name", MODULES)
def test_a_provider_is_imported_only_where_it_is_built(name: str) -> None:
    source = Path(str(payments.__file__)).read_text(encoding="utf-8")
    loaded = {node.module for node in ast.parse(source).body if isinstance(node, ast.ImportFrom)}
    assert f"chalicelib.payments.{name}" not in loaded, "payments/__init__.py: a cold start would pay for it"
