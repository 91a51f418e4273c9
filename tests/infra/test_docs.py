"""The README and the OpenAPI file, held to what is there."""

import re
from argparse import ArgumentParser, _SubParsersAction

import yaml
from chalicelib.orders import State
from cunbo.cli import parser
from cunbo.core.paths import ROOT

README = (ROOT / "README.md").read_text()


def test_every_target_that_the_readme_names_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", " ".join(re.findall(r"`[^`]*`|^    .*$", README, re.MULTILINE))))
    assert {"up", "test", "reset", "bench", "deploy"} <= named <= targets


def test_every_command_that_the_readme_names_is_one() -> None:
    root: ArgumentParser = parser()
    [commands] = [action for action in root._actions if isinstance(action, _SubParsersAction)]
    named = set(re.findall(r"`(?:\.venv/bin/)?cunbo ([a-z]+)", README))
    assert {"batch", "deploy"} <= named <= set(commands.choices)


def test_every_file_that_the_readme_links_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_contract_knows_every_state_of_an_order() -> None:
    document = yaml.safe_load((ROOT / "functions/openapi.yaml").read_text())
    assert document["components"]["schemas"]["Order"]["properties"]["state"]["enum"] == [state.value for state in State]
