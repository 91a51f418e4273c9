"""What pages load: stylesheets, modules with their words, and what a first visit weighs."""

import gzip
import json
import re
from pathlib import Path

import pytest
from storefront.read.messages import of as words_of

from tests.site.helpers.built import REPO, english, every_page, page, stored
from tests.site.helpers.pages import CATALOG, PAGES, SHORTENED, STAND_INS

# Gzipped bytes of a first load by kind of page: the page and all that it names, pictures too. Of the checkout 19,000
# are districts, of a video 20,000 its poster.
BUDGET = {
    "": 24_000,
    "products": 22_000,
    "villages": 20_000,
    "stories": 21_000,
    "videos": 45_000,
    "channel": 20_000,
    "rooms": 20_000,
    "pages": 16_000,
    "cart": 20_000,
    "checkout": 50_000,
    "order": 20_000,
    "orders": 20_000,
    "waiting": 20_000,
    "pay": 16_000,
    "look": 20_000,
    "tell": 20_000,
    "newsletter": 20_000,
    "after": 26_000,
    "desk": 26_000,
    "search": 20_000,
    "away": 16_000,
    "jar": 10_000,
    "kept": 20_000,
    "shares": 17_000,
    "404.html": 16_000,
    "staff": 17_000,
    "host": 26_000,
    "pack": 29_000,
    "live": 16_000,
}
SCRIPTS = REPO / "site/assets/js"
LATER = re.compile(r'import\("\./([\w.-]+\.js)"\)')
"""What a module imports only when it is needed."""
READER = {"zxing/zxing.mjs", "zxing/zxing.wasm", "zxing/licences.txt"}
"""What reads codes through a camera where the browser does not: no page loads it before a camera is used."""
FONTS = {"fonts/selling.woff2", "fonts/telling.woff2", "fonts/reading.woff2", "fonts/OFL.txt"}
"""What headings are set in, of which a page loads one file; its licence beside it."""
PLAIN = {"icon.svg", "chevron.svg", "quilt.svg", "jar.svg", "districts.json", "old_districts.json"} | READER | FONTS
SAID = re.compile(rf'["`](?P<group>{"|".join(words_of("zh")["scripts"])})\.(?P<name>[a-z_.]*)(?P<end>["`])?')
"""What a module says: a name in messages.yml, or how one begins whose end is worked out."""


def test_what_stylesheet_and_modules_name_is_there(site: Path) -> None:
    for path in site.glob("assets/*/**/*.[cj]s*"):
        named = re.findall(r'url\("?([^")]+)|(?:from|import\()"(\.[^"]+)"', path.read_text(encoding="utf-8"))
        for found in filter(None, (one for pair in named for one in pair)):
            assert (path.parent / found).resolve().is_file(), f"{path.name} names {found}"


def test_nothing_of_material_is_published_and_assets_lie_below_one_digest(site: Path) -> None:
    (assets,) = (site / "assets").iterdir()
    assert re.fullmatch(r"[0-9a-f]{12}", assets.name)
    own = {path.relative_to(assets).as_posix() for path in assets.rglob("*") if path.is_file()}
    assert {path for path in own if not path.startswith(("js/", "css/"))} == PLAIN
    assert not list(site.rglob("search_index.json"))


def test_the_district_table_is_the_one_that_the_functions_check_by(site: Path) -> None:
    (published,) = site.glob("assets/*/districts.json")
    assert published.read_bytes() == (REPO / "functions/chalicelib/districts.json").read_bytes()
    provinces = json.loads(published.read_bytes())["provinces"]
    assert len(provinces) == 34
    assert "集安市" in provinces["吉林省"]["通化市"]


@pytest.mark.parametrize("address", PAGES)
def test_a_first_load_stays_within_its_budget(site: Path, address: str) -> None:
    for own in (address, english(address)):
        files = [stored(site, own), *(stored(site, load) for load in page(site, own).loads())]
        weight = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)
        assert weight <= BUDGET[address.split("/")[1]], f"{own} weighs {weight}"


def test_a_page_has_the_rules_of_every_class_that_it_names(site: Path) -> None:
    paths = site.glob("assets/*/css/*.css")
    sheets = {path.stem: set(re.findall(r"\.([a-z][\w-]*)", path.read_text())) for path in paths}
    ruled = set[str]().union(*(classes for name, classes in sheets.items() if name != "print"))
    bare: dict[str, set[str]] = {}
    for address in every_page(site):
        html = page(site, address)
        needed = {str(link["href"]) for link in html.all("link", rel="stylesheet")} | html.seldom()
        own = set[str]().union(*(sheets[Path(path).stem] for path in needed))
        named = {name for _, attributes in html.elements for name in str(attributes.get("class") or "").split()}
        bare |= {address: named & ruled - own} if named & ruled - own else {}
    assert bare == {}


def test_a_page_needs_one_stylesheet_and_one_module_and_no_two_pages_have_what_neither_names(site: Path) -> None:
    named: set[str] = set()
    for address in every_page(site):
        html = page(site, address)
        sheets = [str(link["href"]) for link in html.all("link", rel="stylesheet")]
        named |= {str(meta["content"]) for meta in html.all("meta", name="paper")} | html.seldom()
        modules = [str(script["src"]) for script in html.all("script") if script.get("src")]
        assert [len(sheets), len(modules)] == [1, 1] or address in {*STAND_INS, *SHORTENED}, address
        named |= {*sheets, *modules}
    for module in sorted(name for name in named if name.endswith(".js")):
        folder = module.rpartition("/")[0]
        later = LATER.findall(stored(site, module).read_text(encoding="utf-8"))
        named |= {f"{folder}/{name}" for name in later}
        named |= {f"{Path(folder).parents[1]}/css/viewer.css" for name in later if name.endswith(".viewer.js")}
    assert {path.relative_to(site).as_posix() for path in site.glob("assets/*/[cj]s*/**/*.*")} == {
        name[1:] for name in named
    }


def test_a_product_page_weighs_at_most_20_kb_without_its_pictures(site: Path) -> None:
    for product in CATALOG.products:
        for own in (f"/products/{product.id}/", english(f"/products/{product.id}/")):
            loads = [own, *(load for load in page(site, own).loads() if load.startswith("/assets/"))]
            assert sum(len(gzip.compress(stored(site, each).read_bytes(), 9)) for each in loads) <= 20_000, own


def test_a_film_page_weighs_at_most_25_kb_without_its_poster_and_loads_nothing_of_the_film(site: Path) -> None:
    for film in CATALOG.videos:
        for own in (f"/videos/{film.id}/", english(f"/videos/{film.id}/")):
            html = page(site, own)
            loads = [own, *html.seldom(), *(load for load in html.loads() if load.endswith((".css", ".js", ".svg")))]
            loads += [load.replace("/video.js", "/video.television.js") for load in loads if load.endswith("/video.js")]
            assert sum(len(gzip.compress(stored(site, each).read_bytes(), 9)) for each in loads) <= 25_000, own
            assert not [load for load in html.loads() if load.endswith((".mp4", ".vtt"))]


@pytest.mark.parametrize("path", sorted(SCRIPTS.rglob("*.js")), ids=lambda path: path.relative_to(SCRIPTS).as_posix())
def test_a_module_imports_the_words_that_it_says(path: Path) -> None:
    source = path.read_text()
    said = {found["group"]: found for found in SAID.finditer(source)}
    assert {*re.findall(r'^import "[./]+/(?:core/)?words-(\w+)\.js";$', source, re.MULTILINE)} == {*said}
    for found in SAID.finditer(source):
        *branches, last = found["name"].split(".")
        for lang in ("zh", "en"):
            at = words_of(lang)["scripts"][found["group"]]
            for key in branches:
                at = at[key]
            assert last in at if found["end"] else any(key.startswith(last) for key in at), found[0]
