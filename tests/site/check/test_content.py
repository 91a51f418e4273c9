"""The content folder is read whole, and every fault in it is found with its line and its remedy."""

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from chalicelib.catalog import Catalog, Picture, Product, Text, load
from hypothesis import given, settings
from storefront.check.content import BadContent, read
from storefront.read import records

from tests.site.helpers.samples import (
    CHINESE,
    ENGLISH,
    GOOD,
    HOME,
    PRODUCT,
    PRODUCT_EN,
    STORY,
    faults,
    mutations,
    photograph,
    swapped,
    the_fault,
    write,
)


def test_good_content_is_the_catalogue(tmp_path: Path) -> None:
    catalog = read(write(tmp_path, GOOD))
    (product,) = catalog.products
    assert product.id == "spicy-cabbage"
    assert product.name == Text(zh="辣白菜", en="Spicy cabbage")
    assert product.pictures[0].src == "/products/spicy-cabbage.svg"
    assert product.sample
    assert catalog.villages[0].picture.alt.en == "A village in a valley"
    assert catalog.stories[0].source.zh == "新华社"
    assert catalog.shop.slogan.en == "Only what hands can make"


def test_packs_keep_the_chinese_order_and_take_the_english_name_of_their_sku(tmp_path: Path) -> None:
    (product,) = read(write(tmp_path, GOOD)).products
    assert [(pack.sku, pack.name.en) for pack in product.packs] == [
        ("spicy-cabbage-500g", "500 g"),
        ("spicy-cabbage-1kg", "1 kg"),
    ]


def test_the_catalogue_survives_its_publication(tmp_path: Path) -> None:
    catalog = read(write(tmp_path, GOOD))
    assert load(msgspec.json.encode(catalog)) == catalog


def test_the_version_is_the_same_for_the_same_content_and_another_for_another_price(tmp_path: Path) -> None:
    here, there, dearer = (
        read(write(tmp_path / name, files)).version
        for name, files in {
            "here": GOOD,
            "there": GOOD,
            "dearer": GOOD | swapped(CHINESE, "2990", "2991"),
        }.items()
    )
    assert len(here) == 16
    assert here == there != dearer


def test_pictures_in_folders_of_their_own_and_what_systems_leave_behind_are_no_fault(tmp_path: Path) -> None:
    extra = {"products/more/jar.JPG": photograph(), "products/spare.svg": "<svg/>", "products/.DS_Store": "x"}
    assert isinstance(read(write(tmp_path, GOOD | extra)), Catalog)


def test_windows_files_are_read_and_keep_their_lines(tmp_path: Path) -> None:
    windows = {name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in GOOD.items()}
    assert read(write(tmp_path / "good", windows)) == read(write(tmp_path / "plain", GOOD))
    bad = windows[CHINESE].replace(b"price: 2990", b"price: x")
    (fault,) = faults(tmp_path / "bad", **windows | {CHINESE: bad})
    assert (fault.file, fault.line) == ("content/products/spicy-cabbage.md", 17)


FEN = "write a whole number of fen, such as 2990 for ¥29.90"
LINES = [
    # file, what stands there, what shall stand there, the fault
    (CHINESE, "price: 2990", 'price: "29.90"', ":17: price is '29.90', which is yuan: prices are in fen: 2990"),
    (CHINESE, "price: 2990", "price: 29.9", ":17: price is 29.9, which is yuan: prices are in fen: 2990"),
    (CHINESE, "price: 2990", "price: 2990.0", f":17: price is 2990.0: {FEN}"),
    (CHINESE, "price: 2990", "price: ¥29.90", ":17: price is '¥29.90', which is yuan: prices are in fen: 2990"),
    (CHINESE, "price: 2990", "price: 0", f":17: price is 0: {FEN}"),
    (CHINESE, "price: 2990", "price: 02770", f":17: price is 02770: {FEN}"),
    (CHINESE, "price: 2990", "price: 1:30", f":17: price is '1:30': {FEN}"),
    (CHINESE, "price: 2990", "price: .nan", f":17: price is .nan: {FEN}"),
    (CHINESE, "price: 2990", "price: true", f":17: price is true: {FEN}"),
    (CHINESE, "price: 2990", "price: [2990]", f":17: price is a list: {FEN}"),
    (CHINESE, "price: 2990", "price:", f":17: price is blank: {FEN}"),
    (CHINESE, "price: 2990", "price: " + "9" * 5000, f":17: price is {'9' * 40}: {FEN}"),
    (CHINESE, "    price: 2990\n", "", ":15: price is missing: add price, a whole number of fen, such as 2990"),
    (CHINESE, "price: 2990", "prize: 2990", ":17: 'prize' is no field of entry 1 of packs: write price"),
    (CHINESE, "sample: true", "sample: perhaps", ":24: sample is 'perhaps': write true or false"),
    (CHINESE, "sample: true", "zebra: 1", ":24: 'zebra' is no field of product: write one of name, summary,"),
    (CHINESE, "sample: true", "name: 泡菜", ":24: 'name' stands in line 3 already: keep one of the two"),
    (CHINESE, "name: 辣白菜", "name: 500", ':3: name is 500, which YAML reads as a number: put it in quotes: "500"'),
    (CHINESE, "name: 辣白菜", "name: no", ':3: name is no, which YAML reads as true or false: put it in quotes: "no"'),
    (CHINESE, "name: 辣白菜", "name: 2026-11-23", ":3: name is 2026-11-23, which YAML reads as a date: put it in quo"),
    (CHINESE, "name: 辣白菜", "name: 2026-02-30", ":3: name is 2026-02-30, which YAML reads as a date: put it in quo"),
    (CHINESE, "name: 辣白菜", "name: 0755", ":3: name is 0755, which YAML reads as a number: put it in quotes: "),
    (CHINESE, "name: 辣白菜", "name: .nan", ":3: name is .nan, which YAML reads as a number: put it in quotes: "),
    (CHINESE, "name: 辣白菜", "name: =", ':3: name is =, which YAML reads as a sign: put it in quotes: "="'),
    (CHINESE, "name: 辣白菜", "name: [菜]", ":3: '[' at the beginning means something else here: put it in q"),
    (CHINESE, "name: 辣白菜", 'name: "　 "', ":3: name is blank: write some words"),
    (CHINESE, "name: 辣白菜", 'name: "\u200b"', ":3: name is blank: write some words"),
    (CHINESE, "name: 辣白菜", "name:", ":3: name is blank: write some words"),
    (CHINESE, "name: 辣白菜", r'name: "\ud800"', ":3: name holds signs that no page can show: '\\ud800': remove them"),
    (CHINESE, "name: 辣白菜", r'name: "\UFFFFFFFF"', ":3: a character or version here does not exist: remove it"),
    (CHINESE, "name: 辣白菜", "name: 辣\x07", ":3: YAML refuses the character U+0007: remove it"),
    (CHINESE, "name: 辣白菜", "name: " + "菜" * 401, f":3: name is '{'菜' * 40}…' (401 characters): write some words"),
    (CHINESE, "name: 辣白菜", "name: &best 辣白菜", ":3: '&' at the beginning means something else here: "),
    (CHINESE, "name: 辣白菜", "name: !best 辣白菜", ":3: '!' at the beginning means something else here: "),
    (CHINESE, "name: 辣白菜", "name: *best", ":3: '*' at the beginning means something else here: "),
    (CHINESE, "name: 辣白菜", "name: " + "[" * 5000, ":3: this is no YAML, it is nested more than 10 levels deep"),
    (CHINESE, "name: 辣白菜", "name: 菜: 辣", ":3: the colon in this text would begin a field: put it in quotes"),
    (CHINESE, "name: 辣白菜", "? [a]\n: b\nname: 辣白菜", ":3: a field's name is a list or a mapping: write one word"),
    (CHINESE, "template: product.html", "template: page.html", ":2: template is 'page.html': write product.html"),
    (CHINESE, "template: product.html\n", "", ":2: template is missing: add template: product.html"),
    (CHINESE, "village: gaotaizi", "village: taizi", ":5: there is no village 'taizi': write one of gaotaizi"),
    (CHINESE, "src: spicy-cabbage.svg", "src: cabbage.svg", ":12: there is no picture 'cabbage.svg' beside the file: "),
    (CHINESE, "src: spicy-cabbage.svg", "src: ../x.svg", ":12: src '../x.svg' leaves the folder: put the picture b"),
    (CHINESE, "src: spicy-cabbage.svg", "src: /x.svg", ":12: src '/x.svg' leaves the folder: put the picture besid"),
    (CHINESE, "src: spicy-cabbage.svg", "src: spicy-cabbage.md", ":12: spicy-cabbage.md is not a picture: put a pict"),
    (
        CHINESE,
        PRODUCT[PRODUCT.index("packs:") : PRODUCT.index("production:")],
        "packs: []\n",
        ":14: packs has 0 entries",
    ),
    (CHINESE, "production: {per_day: 60,", "production: {", ":23: per_day is missing: add per_day, how many units"),
    (
        CHINESE,
        "production: {per_day: 60, lead_days: 2, horizon_days: 14}",
        "production: 3",
        ":23: production is no set of fields",
    ),
    (CHINESE, "sku: spicy-cabbage-1kg", "sku: spicy-cabbage-500g", ":19: sku spicy-cabbage-500g is taken by content/"),
    (CHINESE, "一坛菜的几天。", " ", ":29: no text follows the front matter: write some below it"),
    (CHINESE, "---\n", "", ":1: there is no front matter: put it between two lines of three hyphens"),
    (CHINESE, "---\n一坛", "一坛", ":1: the front matter has no end: put it between two lines of three hyphens"),
    (ENGLISH, "name: Spicy cabbage\n", "", ":2: name is missing: add name, some words"),
    (ENGLISH, "maker: Sample", "village: gaotaizi\nmaker: Sample", ":9: village is a fact, and the Chinese file hold"),
    (
        "villages/gaotaizi.en.md",
        "{alt:",
        "{src: gaotaizi.svg, alt:",
        ":5: src is a fact, and the Chinese file holds those",
    ),
    (ENGLISH, "    name: 1 kg", "    name: 1 kg\n    price: 2990", ":16: price is a fact, and the Chinese file holds"),
    (ENGLISH, "  - sku: spicy-cabbage-1kg\n    name: 1 kg\n", "", ":14: packs lack spicy-cabbage-1kg: add it with "),
    (
        ENGLISH,
        "date_rule: Packed",
        "  - {sku: x, name: x}\ndate_rule: Packed",
        ":18: the Chinese packs lack x: write one of spicy-",
    ),
    (
        ENGLISH,
        "date_rule: Packed",
        "  - {sku: spicy-cabbage-1kg, name: x}\ndate_rule: Packed",
        ":18: spicy-cabbage-1kg stands here tw",
    ),
    ("stories/returnees.md", "village: gaotaizi", "village: x", ":5: there is no village 'x': write one of gaotaizi"),
    ("shop.yml", "en: Cunbo Shop", "fr: Boutique", ":2: 'fr' is no field of name: write one of zh, en"),
    (
        "shop.yml",
        "postage: 0",
        "postage: -1",
        ":7: postage is -1: write a whole number of fen; 0 where postage is free",
    ),
    ("shop.yml", "postage: 0", "postage: 0\n---\nname: x", ":8: this is no YAML, but found another document"),
    (
        "shop.yml",
        "contact: shop@example.com",
        "contact: 'shop",
        ":5: the quote is never closed: write contact",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), LINES)
def test_a_fault_names_its_file_its_line_and_its_remedy(
    tmp_path: Path, file: str, old: str, new: str, expected: str
) -> None:
    printed = [str(fault) for fault in faults(tmp_path, **swapped(file, old, new))]
    assert any(line.startswith(f"content/{file}{expected}") for line in printed), printed


FILES = [
    ({"shop.yml": None}, "content/shop.yml:1: the file is missing"),
    ({"index.md": None}, "content/index.en.md:1: index.md is missing beside this file: write it"),
    ({"index.md": None, "index.en.md": None}, "content/index.md:1: the file is missing: write the shop's front page"),
    ({"index.md": HOME.replace("home", "main")}, "content/index.md:2: template is 'main.html': write home.html"),
    (
        {"index.en.md": HOME.replace("---\n先", "name: x\n---\n先")},
        "content/index.en.md:3: 'name' is no field of home: rem",
    ),
    ({"shop.yml": ""}, "content/shop.yml:1: there are no fields here"),
    ({"shop.yml": "name：村播小铺"}, "content/shop.yml:1: this colon is full-width"),
    ({CHINESE: "---\n---\n菜"}, "content/products/spicy-cabbage.md:1: there are no fields here"),
    ({CHINESE: PRODUCT.encode("gb18030")}, "content/products/spicy-cabbage.md:3: this is not UTF-8: save the file as"),
    ({CHINESE: PRODUCT.encode("utf-16")}, "content/products/spicy-cabbage.md:1: this is not UTF-8: save the file as"),
    ({ENGLISH: None}, "content/products/spicy-cabbage.md:1: spicy-cabbage.en.md is missing beside this file: write it"),
    ({CHINESE: None}, "content/products/spicy-cabbage.en.md:1: spicy-cabbage.md is missing beside this file: write it"),
    ({CHINESE: None, ENGLISH: None}, "content/products:1: there is no product: write one"),
    ({"products/x.fr.md": ""}, "content/products/x.fr.md:1: 'x.fr.md' ends neither in .md (Chinese) nor in .en.md"),
    ({"products/x.MD": ""}, "content/products/x.MD:1: 'x.MD' ends neither in .md (Chinese) nor in .en.md"),
    ({"stories/My Tale.md": STORY}, "content/stories/My Tale.md:1: 'My Tale' cannot stand in an address: rename the"),
    ({"products/spicy-cabbage.svg": None}, "content/products/spicy-cabbage.md:12: there is no picture 'spicy-cabbage."),
]


@pytest.mark.parametrize(("changed", "expected"), FILES)
def test_a_fault_of_a_whole_file_stands_in_a_line_that_says_so(
    tmp_path: Path, changed: dict[str, Any], expected: str
) -> None:
    printed = [str(fault) for fault in faults(tmp_path, **changed)]
    assert any(line.startswith(expected) for line in printed), printed


def test_a_sku_of_another_product_is_a_fault_that_names_the_other_place(tmp_path: Path) -> None:
    noodles = {"products/noodles.md": PRODUCT.replace("500g", "1g"), "products/noodles.en.md": PRODUCT_EN}
    noodles["products/noodles.en.md"] = PRODUCT_EN.replace("500g", "1g")
    fault = the_fault(tmp_path, **noodles)
    assert fault.startswith(
        "content/products/spicy-cabbage.md:19: sku spicy-cabbage-1kg is taken by content/products/n"
    )


def test_every_fault_is_found_in_one_run_sorted_by_file_and_line(tmp_path: Path) -> None:
    bad = PRODUCT.replace("2990", "29.9").replace("辣白菜\n", "no\n", 1).replace("village: gaotaizi", "village: x")
    found = faults(tmp_path, **{CHINESE: bad, "shop.yml": None, **swapped(ENGLISH, "sku: spicy-cabbage-1kg", "sku: x")})
    assert [(fault.file.rpartition("/")[2], fault.line) for fault in found] == [
        ("spicy-cabbage.en.md", 14),
        ("spicy-cabbage.en.md", 14),
        ("spicy-cabbage.md", 3),
        ("spicy-cabbage.md", 5),
        ("spicy-cabbage.md", 17),
        ("shop.yml", 1),
    ]


def test_a_folder_that_does_not_exist_is_bad_content(tmp_path: Path) -> None:
    with pytest.raises(BadContent, match=r"content/shop.yml:1: the file is missing"):
        read(tmp_path / "content")


def test_a_billion_laughs_are_refused_at_the_first(tmp_path: Path) -> None:
    laughs = "a: &a [ha, ha]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert the_fault(tmp_path, **{"shop.yml": laughs}).startswith("content/shop.yml:1: this is no YAML, anchors")


def test_a_file_name_that_is_not_utf_8_is_a_fault_that_can_be_printed(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    strange = tmp_path / "content/products" / b"\xc0\xb1.md".decode("utf-8", "surrogateescape")
    try:
        strange.write_text(PRODUCT)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert any("cannot stand in an address" in str(fault).encode().decode() for fault in faults(tmp_path))


class WiderProduct(Product, frozen=True, kw_only=True):
    """What a product may become: fields that the reader has never heard of."""

    season: Text | None = None
    steps: tuple[Text, ...] = ()
    gallery: tuple[Picture, ...] = ()
    since: date | None = None


WIDER = (
    "season: 冬天\nsteps: [腌, 拌]\ngallery:\n  - {src: spicy-cabbage.svg, alt: 坛}\nsince: 2022-02-01\nsample: true"
)
WIDER_EN = "season: Winter\nsteps: [Salt it, Dress it]\ngallery: [{src: spicy-cabbage.svg, alt: Jar}]\nmaker: "


def test_a_new_field_needs_a_line_in_its_type_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(records.FOLDERS, "products", WiderProduct)
    text = {name: value.replace("product.html", "widerproduct.html") for name, value in GOOD.items()}
    text[CHINESE] = text[CHINESE].replace("sample: true", WIDER)
    text[ENGLISH] = text[ENGLISH].replace("maker: ", WIDER_EN)
    product: Any = read(write(tmp_path, text)).products[0]
    assert product.season == Text(zh="冬天", en="Winter")
    assert product.steps == (Text(zh="腌", en="Salt it"), Text(zh="拌", en="Dress it"))
    assert product.gallery == (Picture(src="/products/spicy-cabbage.svg", alt=Text(zh="坛", en="Jar")),)
    assert product.since == date(2022, 2, 1)


@pytest.mark.parametrize(
    ("chinese", "english", "expected"),
    [
        (WIDER, "maker: ", "spicy-cabbage.en.md:2: season is missing"),
        (WIDER, WIDER_EN.replace("Salt it, ", ""), "spicy-cabbage.en.md:10: steps lack entry 2"),
        (
            WIDER,
            WIDER_EN.replace("Salt it", "Wash it, Salt it"),
            "spicy-cabbage.en.md:10: the Chinese steps lack entry 3",
        ),
        ("sample: true", "season: Winter\nmaker: ", "spicy-cabbage.en.md:9: season has no Chinese"),
    ],
)
def test_what_one_language_alone_says_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chinese: str, english: str, expected: str
) -> None:
    monkeypatch.setitem(records.FOLDERS, "products", WiderProduct)
    changed = swapped(CHINESE, "sample: true", chinese) | swapped(ENGLISH, "maker: ", english)
    printed = [str(fault) for fault in faults(tmp_path, **changed)]
    assert any(line.startswith(f"content/products/{expected}") for line in printed), printed


@settings(deadline=None)
@given(mutations())
def test_one_bad_line_never_raises_anything_but_bad_content_with_lines_that_exist(mutation: tuple[str, str]) -> None:
    file, text = mutation
    folder = Path(tempfile.mkdtemp())
    try:
        where = write(folder, GOOD | {file: text.encode("utf-8", "surrogatepass")})
        catalog = read(where)
        assert load(msgspec.json.encode(catalog)) == catalog
    except BadContent as bad:
        for fault in bad.faults:
            assert 1 <= fault.line <= len((folder / fault.file).read_bytes().splitlines())
            assert len(str(fault).encode().splitlines()) == 1
    finally:
        shutil.rmtree(folder)
