"""To add a role of the staff: what else must know of it. Each test names the place that does not yet."""

import re
from functools import cache
from typing import Any

import pytest
import yaml
from chalicelib.domain.staff import OPENS, ROLES, Role
from cunbo.cli import parser
from storefront.read.generated import GENERATED

from tests.functions.helpers.world import ROOT

WORDS = "site/storefront/read/messages.yml"
PAGE = "site/theme/staff/staff.html"
CONTRACT = "functions/openapi.yaml"
COMMAND = "infra/cunbo/commands/staff.py"
GLOSSARY = "infra/docs/glossary.md"
ROUTES = "functions/chalicelib/api/devices.py"


def read(place: str) -> str:
    return (ROOT / place).read_text(encoding="utf-8")


@cache
def document(place: str) -> Any:
    """What a YAML file says, read once."""
    return yaml.load(read(place), yaml.CSafeLoader)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_a_page_of_the_site(role: Role) -> None:
    assert role in OPENS, f"functions/chalicelib/domain/staff.py: OPENS does not say which page {role} is for"
    page = OPENS[role].strip("/")
    assert page in GENERATED, f"site/storefront/read/generated.py: GENERATED makes no page {OPENS[role]}"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_call_some_route(role: Role) -> None:
    found = re.findall(r"^[A-Z]+: frozenset\[Role\] = frozenset\(\{(.*)\}\)$", read(ROUTES), re.MULTILINE)
    assert found, f"{ROUTES}: the sets of roles are not found"
    assert f'"{role}"' in " ".join(found), f"{ROUTES}: no set of roles has {role}, so no route is for it"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("use", ["staff", "scripts.staff"])
def test_pages_have_words_for_a_role_in_both_languages(role: Role, use: str) -> None:
    found: Any = document(WORDS)
    for name in (*use.split("."), "roles"):
        found = found[name]
    said = found.get(role, {})
    assert said.keys() == {"zh", "en"}, f"{WORDS}: {use}.roles.{role} is missing, or one of its languages"
    assert all(said.values()), f"{WORDS}: {use}.roles.{role} is empty"


def test_the_manager_can_invite_a_device_for_every_role() -> None:
    offered = re.search(r"{% for role in \[(.*?)\] %}", read(PAGE))
    assert offered, f"{PAGE}: the list of roles is not found"
    assert re.findall(r'"(\w+)"', offered[1]) == [*ROLES], f"{PAGE}: the roles that can be chosen are others"


@pytest.mark.parametrize("role", ROLES)
def test_the_command_says_which_roles_there_are(role: Role, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser("staff").parse_args(["invite", "--help"])
    assert re.search(rf"\b{role}\b", capsys.readouterr().out), f"{COMMAND}: the help of ROLE does not name {role}"


def test_the_contract_lists_every_role_wherever_it_has_one() -> None:
    found = [*enums_of_roles(document(CONTRACT))]
    assert found, f"{CONTRACT}: no list of roles is found"
    assert [enum for enum in found if enum != [*ROLES]] == [], f"{CONTRACT}: a list of roles is another"


def enums_of_roles(part: Any) -> Any:
    """Every `role: {enum: …}` in a part of the contract."""
    if isinstance(part, dict):
        if "enum" in (role := part.get("role") or {}):
            yield role["enum"]
        for value in part.values():
            yield from enums_of_roles(value)
    elif isinstance(part, list):
        for value in part:
            yield from enums_of_roles(value)


@pytest.mark.parametrize("role", ROLES)
def test_the_glossary_has_every_role(role: Role) -> None:
    assert re.search(rf"^\| {role} \|", read(GLOSSARY), re.MULTILINE), f"{GLOSSARY}: there is no row for {role}"
