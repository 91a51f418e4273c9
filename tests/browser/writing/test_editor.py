"""The editor in a browser: what is edited in it is written into the files of both languages, and can be published."""

import base64
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest
from chalicelib.catalog import Catalog
from cunbo.authoring import editor, serving
from cunbo.authoring.open_faults import OpenFaults
from cunbo.core.background import Background
from cunbo.core.cloud import Cloud
from cunbo.core.paths import ROOT, Paths
from cunbo.core.refusal import Refusal
from cunbo.deploy.stack import Stack
from cunbo.publishing.page import PublishPage
from playwright.sync_api import Browser, Page, expect
from storefront.check import content
from storefront.read.records import FOLDERS, SHELVES

from tests.browser.conftest import visitor
from tests.ports import free_port
from tests.site.helpers.samples import photograph

OPFS = "window.showDirectoryPicker = () => navigator.storage.getDirectory();"
"""A folder of the browser's own, in the place of the one that a writer would choose."""
OPEN = """
const folder = async (path) => {
  let found = await navigator.storage.getDirectory();
  for (const part of path.split("/").slice(0, -1)) found = await found.getDirectoryHandle(part, { create: true });
  return found;
};
"""
FILL = f"""async (files) => {{ {OPEN}
  for (const [path, text] of Object.entries(files)) {{
    const handle = await (await folder(path)).getFileHandle(path.split("/").at(-1), {{ create: true }});
    const stream = await handle.createWritable();
    await stream.write(text);
    await stream.close();
  }}
}}"""
READ = f"""async (path) => {{ {OPEN}
  const file = await (await (await folder(path)).getFileHandle(path.split("/").at(-1))).getFile();
  return btoa(String.fromCharCode(...new Uint8Array(await file.arrayBuffer())));
}}"""
EDITED = [
    ("products", "spicy-cabbage"),
    ("villages", "qinghe"),
    ("stories", "corn-to-noodle"),
    ("videos", "a-jar-of-cabbage"),
    ("live", "cabbage-1"),
    ("pages", "delivery"),
]
WORDS = {"zh": "改过的介绍。", "en": "A changed summary."}


def closed(stage: str) -> tuple[Cloud, Stack]:
    raise Refusal(f"{stage} does not run")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A house whose folder has a name that people give."""
    root = tmp_path_factory.mktemp("house") / "高台子 小铺"
    root.mkdir()
    return Paths(root=root)


@pytest.fixture(scope="module")
def address(house: Paths) -> Iterator[str]:
    """Where the editor's server listens; the shop that it could publish to is closed."""
    port, publishing = free_port(), PublishPage(house, closed, ["local"], "http://127.0.0.1/")
    faults = OpenFaults(house.content)
    with Background() as background:
        background.serve(serving.listening(editor.application(editor.make(house), faults, publishing.add_to), port))
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The editor, with this house's content opened in it."""
    with ExitStack() as visits:
        page = visitor(visits, browser, address).page
        page.add_init_script(OPFS)
        page.goto(f"{address}/admin/")
        paths = [path for path in (ROOT / "content").rglob("*") if path.suffix in {".md", ".yml", ".svg"}]
        files = {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}
        page.evaluate(FILL, files | {".git/HEAD": "ref: refs/heads/main"})  # it opens nothing but a repository
        page.get_by_role("button", name="使用本地仓库").click()
        expect(page.get_by_role("row", name="高台子村")).to_be_visible()
        expect(page.locator("#guide")).to_be_hidden()
        yield page


def test_a_newcomer_is_led_to_the_folder_and_on_to_publishing(browser: Browser, address: str, house: Paths) -> None:
    with ExitStack() as visits:
        page = visitor(visits, browser, address).page
        page.goto(f"{address}/admin/")
        guide = page.locator("#guide")
        expect(guide).to_contain_text(str(house.root))
        expect(page.get_by_text(re.compile("选择「.?高台子 小铺.?」仓库"))).to_be_visible()
        expect(page.get_by_role("button", name="使用访问令牌登录")).to_be_hidden()
        expect(guide.get_by_text("这个浏览器打不开文件夹")).to_be_hidden()
        with page.expect_popup() as opened:  # the editor stays as it is
            page.get_by_role("link", name="发布").click()
        publishing = opened.value
        closed_words = publishing.get_by_text("这台电脑上的店没有开")
        expect(closed_words).to_be_visible()  # it has looked by itself
        publishing.get_by_role("button", name="看看会改什么").click()
        expect(closed_words).to_be_visible()
        publishing.get_by_role("link", name="编辑").click()
        expect(publishing.locator("#guide")).to_be_visible()


def read(page: Page, path: str) -> bytes:
    """A file of the browser's folder."""
    return base64.b64decode(page.evaluate(READ, f"content/{path}"))


def published(page: Page, changed: list[str], folder: Path) -> Catalog:
    """The content with these files as they stand in the browser's folder."""
    there = Path(shutil.copytree(ROOT / "content", folder / "content", dirs_exist_ok=True))
    for name in changed:
        (there / name).write_bytes(read(page, name))
    return content.read(there)


def save(page: Page) -> None:
    """Saves, and waits until the editor says that it has: once a page, for the words stand there a while."""
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("条目已保存").first).to_be_visible()


@pytest.mark.parametrize(("folder", "name"), EDITED)
def test_an_edit_is_saved_to_both_files_and_changes_nothing_else(
    page: Page, address: str, tmp_path: Path, folder: str, name: str
) -> None:
    page.goto(f"{address}/admin/#/collections/{folder}/entries/{name}")
    summary = page.get_by_role("textbox", name="一两句话介绍")
    for box, words in zip((summary.first, summary.nth(1)), WORDS.values(), strict=True):
        box.fill(words)
    save(page)
    catalog = published(page, [f"{folder}/{name}.md", f"{folder}/{name}.en.md"], tmp_path)
    shelf = SHELVES.get(folder, folder)
    before = getattr(content.read(ROOT / "content"), shelf)
    assert getattr(catalog, shelf) == tuple(
        msgspec.structs.replace(one, summary=msgspec.convert(WORDS, type(one.summary))) if one.id == name else one
        for one in before
    )


def test_a_new_record_has_the_name_that_is_typed_and_its_photograph_lies_beside_it(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(f"{address}/admin/#/collections/villages/new")
    for label in ("名称", "一两句话介绍", "事实来源", "图上有什么（会念给看不见的人听）", "正文"):
        for language, words in enumerate(WORDS.values()):
            page.get_by_role("textbox", name=label).nth(language).fill(words)
    page.get_by_role("button", name="浏览").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="上传").click()
    taken = {"name": "IMG_2031 村口.jpg", "mimeType": "image/jpeg", "buffer": photograph(1600, 1200)}
    chooser.value.set_files(taken)
    page.get_by_role("button", name="插入").click()
    page.get_by_role("button", name="保存", exact=True).click()
    slug = page.get_by_role("textbox", name="别名")
    for unfit in ("", "New Village", "新村"):
        slug.fill(unfit)
        expect(slug).to_have_attribute("aria-invalid", "true")
    slug.fill("new-village")
    save(page)
    files = [f"villages/{name}" for name in ("new-village.md", "new-village.en.md", taken["name"])]
    (village,) = (one for one in published(page, files, tmp_path).villages if one.id == "new-village")
    assert (village.summary.zh, village.picture.alt.en) == (*WORDS.values(),)
    assert village.picture.src == f"/villages/{quote(taken['name'])}"


def test_every_kind_of_record_is_edited_here() -> None:
    assert {folder for folder, _ in EDITED} == {*FOLDERS}


def test_a_fact_goes_into_the_chinese_file_alone(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/admin/#/collections/videos/entries/up-the-mountain")
    page.get_by_role("radio", name="高台子村").click()
    save(page)
    catalog = published(page, ["videos/up-the-mountain.md", "videos/up-the-mountain.en.md"], tmp_path)
    assert [video.village for video in catalog.videos if video.id == "up-the-mountain"] == ["gaotaizi"]
    assert b"village:" not in read(page, "videos/up-the-mountain.en.md")


def test_the_shop_is_edited_too(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/admin/#/collections/_singletons/entries/shop")
    page.get_by_role("group", name="一句话招牌").get_by_role("textbox").first.fill("改过的招牌")
    save(page)
    before = content.read(ROOT / "content").shop
    shop = published(page, ["shop.yml"], tmp_path).shop
    assert shop == msgspec.structs.replace(before, slogan=msgspec.structs.replace(before.slogan, zh="改过的招牌"))


def test_the_front_page_is_edited_in_one_language_alone(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/admin/#/collections/_singletons/entries/home")
    page.get_by_role("textbox", name="正文").nth(1).fill("A new text.")
    save(page)
    assert read(page, "index.en.md") == b"---\ntemplate: home.html\n---\n\nA new text.\n"
    assert read(page, "index.md") == (ROOT / "content" / "index.md").read_bytes()
    assert published(page, ["index.md", "index.en.md"], tmp_path) == content.read(ROOT / "content")
