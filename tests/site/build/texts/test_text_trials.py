"""What passes the check of texts builds, and MkDocs finds no link in it to warn of: texts made of what addresses and
Markdown are made of. `TEXTS=2000` tries many.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from storefront.build import texts as page_texts
from storefront.check import content
from storefront.read import texts
from storefront.read.frontmatter import split

from tests.site.check.files import FILES, NAMES, STORY
from tests.site.helpers.built import REPO
from tests.site.helpers.samples import photograph, write

PARTS = [
    *"[]()!#<>`*_ \n\\:^x.&;\"'",
    *("![", "](", "[看](", "\n\n", "    ", "```\n", "[r]: ", "[r]", "【", "】", "（", "）", "！", "\x02", "\x03"),
    *("../", "./", "/", "//", "//[", "https://", "mailto:", ".md", ".en.md", "#坏了的", "#top", "?a=1", "%", "%20"),
    *("returnees.md", "../products/spicy-cabbage.md", "../pages/returns.md", "desk.svg", "/orders/", "/en/", "..\\"),
    *("www.example.com", "&amp;", "%E7", "\u2100", *NAMES),
]
FORMS = ["{}", "[看]({})", "![看]({})", "![看](<{}>)", "[看](<{}> 't')", "看[看][r]\n\n[r]: {}"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write(tmp_path_factory.mktemp("texts"), FILES)
    for name in NAMES:
        (made / "stories" / name).write_bytes(photograph(kind="PNG" if name.endswith("png") else "JPEG"))
    return made


@settings(
    max_examples=int(os.environ.get("TEXTS", "60")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(form=st.sampled_from(FORMS), parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=8))
def test_what_passes_the_check_gives_mkdocs_nothing_to_warn_of(
    folder: Path, caplog: pytest.LogCaptureFixture, form: str, parts: list[str]
) -> None:
    text = form.format("".join(parts))
    write(folder.parent, {STORY: f"{FILES[STORY]}\n{text}\n"})
    faults = content.look(folder).faults
    event("faulty" if faults else "passes")
    if faults:
        assert all(fault.file == f"content/{STORY}" for fault in faults)
        return
    config = load_config(str(REPO / "mkdocs.yml"), docs_dir=str(folder))
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.name.endswith(".en.md")]
    files = Files([File(name, str(folder), "site", True) for name in names])
    place = page_texts.TextPlace("/stories/returnees/", "zh", {}, lambda name: (folder / "stories" / name).is_file())
    config.mdx_configs[page_texts.__name__] = {"place": place}
    file = files.get_file_from_path(STORY)
    assert file
    page, body = Page(None, file, config), split(f"{FILES[STORY]}\n{text}\n")
    page.markdown = body.body if body else ""
    caplog.clear()
    page.render(config, files)
    assert [record.getMessage() for record in caplog.records if record.levelname != "INFO"] == []
    tree = texts.TextTree(page.content or "")
    for named in (*tree.links, *tree.pictures):
        assert named.address.startswith(("/", "#", "https:", "mailto:")), named
