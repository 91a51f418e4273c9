"""What every payment provider needs: whoever adds one is told here, place by place, what was left out."""

import ast
import inspect
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from chalicelib import payments
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.domain.settings import PROVIDERS
from chalicelib.payments.port import Provider

from tests.functions.helpers.world import ROOT, World

MODULES = sorted(PROVIDERS)
PORT = [name for name in vars(Provider) if not name.startswith("_")]


def offered(world: World) -> dict[str, Any]:
    """The providers that a stage with every setting offers."""
    return dict(world.providers)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_of_payments_is_a_way_to_pay(make_world: Any, name: str) -> None:
    assert name in offered(make_world()), f"payments/{name}.py: build it in `providers` of payments/__init__.py"


@pytest.mark.parametrize("name", MODULES)
def test_a_provider_has_every_call_of_the_port_with_its_parameters(make_world: Any, name: str) -> None:
    provider = offered(make_world())[name]
    for call in PORT:
        assert hasattr(provider, call), f"payments/{name}.py: `{call}` of the port Provider is missing"
        asked = [*inspect.signature(getattr(Provider, call)).parameters][1:]
        assert [*inspect.signature(getattr(provider, call)).parameters] == asked, f"payments/{name}.py: {call}"


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b'{"paid": true}'])
def test_a_provider_believes_nothing_without_its_signature(make_world: Any, name: str, body: bytes) -> None:
    provider = offered(make_world())[name]
    with pytest.raises((Unauthorized, Malformed)):
        provider.read({}, body, datetime.now(UTC))


@pytest.mark.parametrize("name", MODULES)
def test_a_provider_has_words_in_both_languages(name: str) -> None:
    words = yaml.safe_load((ROOT / "site/storefront/read/messages.yml").read_text(encoding="utf-8"))["checkout"]
    for key in (name, f"{name}_why"):
        assert words.get(key, {}).keys() == {"zh", "en"}, f"messages.yml: checkout.{key}, in both languages"


@pytest.mark.parametrize("name", MODULES)
def test_a_provider_can_be_chosen_at_the_checkout(name: str) -> None:
    template = (ROOT / "site/theme/shopping/checkout.html").read_text(encoding="utf-8")
    assert f'value="{name}"' in template, f"checkout.html: a choice with the value {name}"


@pytest.mark.parametrize("name", MODULES)
def test_a_provider_is_in_the_glossary(name: str) -> None:
    glossary = (ROOT / "infra/docs/glossary.md").read_text(encoding="utf-8")
    assert f"`{name}`" in glossary or f"`{name.title().replace('_', '')}`" in glossary, f"glossary.md: {name}"


@pytest.mark.parametrize("name", MODULES)
def test_a_provider_is_imported_only_where_it_is_built(name: str) -> None:
    source = Path(str(payments.__file__)).read_text(encoding="utf-8")
    loaded = {node.module for node in ast.parse(source).body if isinstance(node, ast.ImportFrom)}
    assert f"chalicelib.payments.{name}" not in loaded, "payments/__init__.py: a cold start would pay for it"
