"""The papers and the OpenAPI file, held to what is there."""

import re
import shlex
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

import pytest
from cunbo.cli import COMMANDS, parser
from cunbo.core.paths import ROOT

DOCS = ROOT / "infra" / "docs"
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
PAGES = [*READMES, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(DOCS.glob("*.md"))]
PAPERS = [*PAGES, ROOT / "CHANGELOG.md", *sorted((DOCS / "decisions").glob("*.md"))]
HOMES = [ROOT, ROOT / "functions", ROOT / "functions" / "chalicelib", ROOT / "infra", ROOT / "site"]
"""What a path in a paper may begin below."""
MADE = ("build/", ".local/", ".venv/")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code(paper: Path) -> list[str]:
    """Lines of a paper's blocks of code, without what is said of them, and its spans of code."""
    text = paper.read_text(encoding="utf-8")
    blocks = [line.strip().partition("  #")[0].rstrip() for line in re.findall(r"^ {4}([^-\s].*)$", text, re.MULTILINE)]
    return [*blocks, *re.findall(r"`([^`\n]+)`", text)]


def links(paper: Path) -> list[str]:
    found = re.findall(r"\]\(([^)#\s]+)\)", paper.read_text(encoding="utf-8"))
    return [link for link in found if not link.startswith(("https://", "mailto:"))]


def subcommands(of: ArgumentParser) -> dict[str, ArgumentParser]:
    return {
        name: command
        for action in of._actions
        if isinstance(action, _SubParsersAction)
        for name, command in action.choices.items()
    }


def misfit(said: str) -> str:
    """What `cunbo` has against these words after its name; nothing where it knows the command and all that is given."""
    name, *words = shlex.split(said)
    if name not in {*COMMANDS, "--help"}:
        return f"cunbo has no {name}"
    if not words:
        return ""  # it is only mentioned
    known = parser(name)
    for index, word in enumerate(words):
        if not subcommands(known):
            break
        if word.startswith("-"):
            return ""
        if word not in subcommands(known):
            return f"cunbo has no {word}"
        known = subcommands(known)[word]
        if index == len(words) - 1:
            return ""  # it is only mentioned
    try:
        parser(name).parse_args(words)
    except SystemExit:
        return f"cunbo does not take: {said}"
    return ""


def cunbo_calls(paper: Path) -> Iterator[str]:
    for said in code(paper):
        if found := re.match(r"(?:\.venv/bin/)?cunbo (.+)", said):
            yield found[1]


def make_calls(paper: Path) -> set[str]:
    calls = (re.match(r"(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)", said) for said in code(paper))
    return {call[1] for call in calls if call}


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_link_of_a_paper_leads_to_a_file(paper: Path) -> None:
    assert [link for link in links(paper) if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize("paper", PAGES, ids=named)
def test_every_path_that_a_paper_names_is_there(paper: Path) -> None:
    words = [word for said in code(paper) for word in said.split()]
    paths = [word for word in words if re.fullmatch(r"[\w.-]+/[\w./-]*", word) and not word.startswith(MADE)]
    assert [path for path in paths if not any((home / path).exists() for home in HOMES)] == []


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_target_of_make_that_a_paper_names_is_one(paper: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert make_calls(paper) - targets == set()


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_command_that_a_paper_names_is_one_with_all_that_it_is_given(paper: Path) -> None:
    assert [fault for said in cunbo_calls(paper) if (fault := misfit(said))] == []


@pytest.mark.parametrize("said", ["bach SKU", "staff dismiss X", "batch SKU DATE", "drops --soon", "order"])
def test_a_command_that_is_none_or_lacks_something_would_be_found(said: str) -> None:
    assert bool(misfit(said)) == (said != "order")


@pytest.mark.parametrize("readme", READMES, ids=named)
def test_a_readme_can_be_read_in_one_go_and_says_how_to_begin(readme: Path) -> None:
    assert len(readme.read_text(encoding="utf-8").splitlines()) <= 120
    assert {"up", "test", "reset", "write", "help"} <= make_calls(readme)
    assert "infra/screenshot.png" in links(readme)


def test_both_readmes_lead_to_the_same_and_name_the_same_commands() -> None:
    english, chinese = ({link.replace(".en.md", ".md") for link in links(readme)} for readme in READMES)
    assert english - {"README.zh.md"} == chinese - {"README.md"}
    blocks = [[said for said in code(readme) if re.match(r"make |sudo |\.venv/", said)] for readme in READMES]
    assert blocks[0] == blocks[1]


def test_what_ci_installs_for_the_tests_is_what_the_readme_says() -> None:
    [needed] = [said.split()[3:] for said in code(READMES[0]) if said.startswith("sudo apt install")]
    [installed] = re.findall(r"--no-install-recommends (.+) [|][|]", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert set(installed.split()) <= set(needed)


def test_the_index_for_engineers_leads_to_every_page_beside_it() -> None:
    pages = {path.name for path in DOCS.glob("*.md")} - {"README.md"}
    assert pages | {"decisions/README.md"} <= set(links(DOCS / "README.md"))


def test_every_setting_that_deploy_takes_is_among_those_of_the_operations() -> None:
    epilog = parser("deploy").epilog
    assert epilog
    settings = {
        word for word in re.findall(r"[A-Z]+(?:_[A-Z]+)*", epilog) if "_" in word or word in {"DOMAIN", "PAY", "TRACK"}
    }
    assert {"HOLD_SECONDS", "SMTP_URL", "DOMAIN"} <= settings
    rows = re.findall(r"^\| `([A-Z_]+)` \|", (DOCS / "operations.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert settings == set(rows)


def test_every_page_for_engineers_that_code_names_is_there() -> None:
    folders = (ROOT / name for name in ("functions", "infra", "site", "tests"))
    files = [path for folder in folders for path in folder.rglob("*.*") if path.suffix in {".py", ".js", ".yaml"}]
    said = {page for path in files for page in re.findall(r"infra/docs/[\w/-]+\.md", path.read_text(encoding="utf-8"))}
    assert "infra/docs/surge.md" in said
    assert [page for page in sorted(said) if not (ROOT / page).exists()] == []


@pytest.mark.parametrize(
    ("page", "least"), [("threat-model.md", 20), ("payment-cases.md", 90), ("packing-cases.md", 40)]
)
def test_every_test_that_a_page_names_is_there(page: str, least: int) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (DOCS / page).read_text(encoding="utf-8"))
    assert len(named) > least
    gone = [f"{path}::{name}" for path, name in named if not re.search(rf"^def {name}\b", text(path), re.MULTILINE)]
    assert not gone


@pytest.mark.parametrize(
    ("page", "table", "rows"),
    [
        ("payment-cases.md", "Reports of other shops", 24),
        ("payment-cases.md", "What a shop of one made-up provider", 10),
        ("packing-cases.md", "Reports of other shops", 15),
        ("packing-cases.md", "Traps that say nothing", 10),
    ],
)
def test_each_case_that_is_known_has_a_row_with_its_test(page: str, table: str, rows: int) -> None:
    [found] = [part for part in text(f"infra/docs/{page}").split("\n## ") if part.startswith(table)]
    lines = [line for line in found.splitlines() if line.startswith("| ")][1:]
    assert len(lines) >= rows
    assert [line for line in lines if "`tests/" not in line] == []


def text(path: str) -> str:
    """A file of the project; empty where there is none."""
    return (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else ""
