"""The built site, as MkDocs makes it from the real content: what a shopper's browser will be given."""

import gzip
import html as html_lib
import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import pytest
from chalicelib.domain.packing.carriers import CARRIERS, name_of
from storefront.build.frame import LONGEST_TITLE
from storefront.build.programme import hours
from storefront.read.messages import LANGUAGES
from storefront.read.messages import of as words_of

from tests.site.helpers.built import ORIGIN, REPO, english, every_page, house, mkdocs, page, stored, structured
from tests.site.helpers.pages import CATALOG, OVERLAYS, PAGES, READING, SHORTENED, STAND_INS, WRITTEN

PRODUCT = "/products/spicy-cabbage/"


def test_every_page_is_there_in_both_languages_and_there_are_no_others(site: Path) -> None:
    both = [*PAGES, *OVERLAYS]
    assert every_page(site) == sorted([*both, *map(english, both), *STAND_INS, *SHORTENED])


@pytest.mark.parametrize("address", PAGES)
def test_a_page_names_its_language_itself_and_its_twin(site: Path, address: str) -> None:
    for own, lang in ((address, "zh-CN"), (english(address), "en")):
        html = page(site, own)
        alternates = {link.get("hreflang"): link["href"] for link in html.all("link", rel="alternate")}
        assert html.all("html")[0]["lang"] == lang
        assert html.all("link", rel="canonical")[0]["href"] == ORIGIN + own
        assert alternates["zh-CN"] == alternates["x-default"] == ORIGIN + address
        assert alternates["en"] == ORIGIN + english(address)
        twin = address if lang == "en" else english(address)
        assert any(link["href"] == twin and link["hreflang"] for link in html.all("a") if "hreflang" in link) or (
            "sandbox" in own and twin in html.addresses()
        )


def test_nothing_stands_inline_that_a_strict_policy_forbids(site: Path) -> None:
    for own in every_page(site):
        html = page(site, own)
        for attributes, text in html.inline:
            assert attributes.get("type") in {"application/json", "application/ld+json"}, f"{own}: {text[:60]}"
            json.loads(text)
        for tag, attributes in html.elements:
            forbidden = [name for name in attributes if name == "style" or name.startswith("on")]
            assert not forbidden and tag != "style", f"{own}: <{tag} {forbidden}>"


def test_nothing_is_asked_of_another_host(site: Path) -> None:
    for own in every_page(site):
        assert all(address.startswith("/") for address in page(site, own).loads()), own
    for path in [*site.rglob("*.css"), *site.rglob("*.js")]:
        assert not re.search(r"https?://", path.read_text(encoding="utf-8")), path.name


def test_pictures_are_small_and_hold_nothing_but_shapes(site: Path) -> None:
    pictures = [path for path in site.rglob("*.svg") if "assets" not in path.parts and path.name != "qr.svg"]
    assert pictures
    for path in pictures:
        drawing = path.read_text(encoding="utf-8")
        assert len(gzip.compress(path.read_bytes(), 9)) < 5_000, path.name
        bad = r'<(style|script|text|image|foreignObject)|\son\w+=|href=(?!"#)|style='
        assert not re.search(bad, drawing), path.name


def test_the_title_of_a_product_sells_by_itself_since_wechat_shows_nothing_else(site: Path) -> None:
    assert "<title>辣白菜 500 克 ¥29.90 | 高台子村 | " in page(site, PRODUCT).text
    assert "<title>Spicy cabbage 500 g ¥29.90 | Gaotaizi village | " in page(site, english(PRODUCT)).text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_titles_of_all_that_is_told_name_their_place_and_their_goods(site: Path, lang: str) -> None:
    villages = {village.id: getattr(village.name, lang) for village in CATALOG.villages}
    goods = {product.id: getattr(product.name, lang) for product in CATALOG.products}
    for shelf in ("stories", "videos"):
        for record in getattr(CATALOG, shelf):
            title = title_of(site, f"/{shelf}/{record.id}/", lang)
            assert getattr(record.title, lang) in title and villages[record.village] in title
    for room in CATALOG.rooms:
        title = title_of(site, f"/rooms/{room.id}/", lang)
        assert all(goods[each] in title for each in room.products[:2])
        assert villages[room.village] in title or len(f"{title} | {villages[room.village]}") > LONGEST_TITLE
    for product in CATALOG.products[:1]:
        title = title_of(site, f"/villages/{product.village}/", lang)
        assert villages[product.village] in title and goods[product.id] in title


def title_of(site: Path, address: str, lang: str) -> str:
    found = re.search("<title>([^<]*)</title>", page(site, address if lang == "zh" else english(address)).text)
    assert found
    return html_lib.unescape(found[1])


def test_a_product_tells_machines_its_packs_and_prices(site: Path) -> None:
    for product in CATALOG.products:
        told = structured(site, f"/products/{product.id}/", "Product")
        assert [(offer["sku"], offer["price"], offer["priceCurrency"]) for offer in told["offers"]] == [
            (pack.sku, f"{pack.price / 100:.2f}", "CNY") for pack in product.packs
        ]
        assert len(told["image"]) == len(product.pictures)


def test_a_film_tells_machines_what_it_is_and_loads_nothing_before_it_is_played(site: Path) -> None:
    for film in CATALOG.videos:
        for lang, address in (("zh", f"/videos/{film.id}/"), ("en", english(f"/videos/{film.id}/"))):
            told = structured(site, address, "VideoObject")
            assert (told["contentUrl"], told["duration"]) == (f"{ORIGIN}/videos/{film.clip}", f"PT{film.seconds}S")
            (player,) = page(site, address).all("video")
            assert player["preload"] == "none" and "autoplay" not in player and "controls" in player
            poster = stored(site, str(player["poster"]))
            assert poster.stat().st_size <= stored(site, film.picture.src).stat().st_size
            assert player["aria-label"] == getattr(film.title, lang), "its name, not what its poster shows"
            tracks = page(site, address).all("track", kind="captions")
            assert [(track["srclang"], "default" in track) for track in tracks] == [("zh-CN", False), ("en", False)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_line_of_stock_keeps_room_for_the_longest_word_of_its_language(site: Path, lang: str) -> None:
    longest = max((word for each in CATALOG.products for word in getattr(each.unit, lang).split("/")), key=len)
    kept = [
        tag["data-longest"]
        for tag in page(site, f"{'/en' * (lang == 'en')}/cart/").all("span")
        if "data-longest" in tag
    ]
    assert any(f"999 {longest}" in each for each in kept)


@pytest.mark.parametrize("address", READING)
def test_a_page_has_one_first_heading_and_skips_no_level(site: Path, address: str) -> None:
    for own in (address, english(address)):
        levels = [int(tag[1]) for tag, _ in page(site, own).elements if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1 and levels[0] == 1, own
        assert all(after <= before + 1 for before, after in pairwise(levels)), f"{own}: {levels}"


@pytest.mark.parametrize("address", PAGES)
def test_no_picture_moves_the_page_when_it_comes(site: Path, address: str) -> None:
    for own in (address, english(address)):
        for picture in (*page(site, own).all("img"), *page(site, own).all("video")):
            assert {"width", "height"} <= picture.keys(), f"{own}: {picture}"
            assert "alt" in picture or "aria-label" in picture, f"{own}: {picture}"


@pytest.mark.parametrize("address", READING)
def test_every_page_says_who_sells_and_leads_to_the_text_pages_and_orders(site: Path, address: str) -> None:
    html = page(site, address)
    for text in (CATALOG.shop.seller.zh, CATALOG.shop.address.zh, CATALOG.shop.contact):
        assert text in html.text
    found = {link.get("href") for link in html.all("a")}
    for_all = {f"/pages/{info.id}/" for info in CATALOG.pages if not info.for_hosts}
    assert for_all | {"/#goods", "/orders/", "/cart/"} <= found


def test_what_tells_of_a_product_and_the_product_lead_to_each_other(site: Path) -> None:
    for shelf in ("stories", "videos", "rooms"):
        for record in getattr(CATALOG, shelf):
            told = f"/{shelf}/{record.id}/"
            for product in record.products:
                assert f"/products/{product}/" in page(site, told).addresses()
                assert told in page(site, f"/products/{product}/").addresses()


def test_home_leads_to_everything(site: Path) -> None:
    links = {link["href"] for link in page(site, "/").all("a")}
    for_hosts = {f"/pages/{info.id}/" for info in CATALOG.pages if info.for_hosts}
    assert set(WRITTEN) - for_hosts <= links
    assert {"goods", "rooms", "stories"} - {anchor["id"] for anchor in page(site, "/").all("h2") if "id" in anchor} == {
        name for name in ("rooms", "stories") if not getattr(CATALOG, name)
    }


def test_a_room_says_who_sells_in_it_or_that_nothing_is_sold(site: Path) -> None:
    for room in CATALOG.rooms:
        told = page(site, f"/rooms/{room.id}/").text.partition("<main")[2].partition("</main>")[0]
        assert CATALOG.shop.seller.zh in told and CATALOG.shop.contact in told and hours(room, "zh") in told
        assert (words_of("zh")["room"]["quiet"] in told) == (not room.products)


def test_every_province_has_its_short_name_in_both_languages() -> None:
    table = json.loads((REPO / "functions/chalicelib/districts.json").read_bytes())["provinces"]
    for lang in ("zh", "en"):
        assert words_of(lang)["provinces"].keys() == table.keys()


def test_what_is_made_up_is_marked_as_sample_and_what_is_told_names_its_source(site: Path) -> None:
    for own, lang in ((PRODUCT, "zh"), (english(PRODUCT), "en")):
        told, said = page(site, own).text, words_of(lang)["samples"]["shop"]
        assert told.count(said) == 1 and told.index(said) < told.index("<h1"), "once, and before anything is sold"
        assert 'class="tag"' not in told.partition("<template")[0]
    for address in ("/villages/gaotaizi/", "/stories/ship-by/"):
        for own in (address, english(address)):
            told = page(site, own).text
            assert "Livestreaming revitalizes northeast China villages" in told and "高台子村" in told, own


def test_links_in_markdown_stay_in_the_language_of_their_page(site: Path) -> None:
    assert "/stories/a-day-of-cabbage/" in page(site, PRODUCT).addresses()
    assert "/en/stories/a-day-of-cabbage/" in page(site, english(PRODUCT)).addresses()
    assert urljoin(ORIGIN, "/en/villages/gaotaizi/") not in page(site, PRODUCT).addresses()


def test_chinese_that_is_wrapped_in_its_file_shows_no_gap(site: Path) -> None:
    assert "春节前，大家常常干到半夜" in page(site, "/stories/ship-by/").text


def test_texts_of_the_catalogue_are_never_taken_for_markup(tmp_path: Path) -> None:
    product = house(tmp_path) / "content/products/spicy-cabbage.en.md"
    product.write_text(product.read_text().replace("name: Spicy cabbage", 'name: Spicy <b>"cabbage"</b> & more'))
    assert mkdocs(tmp_path).returncode == 0
    told = page(tmp_path / "build/site", english(PRODUCT)).text
    assert "<h1>Spicy &lt;b&gt;&#34;cabbage&#34;&lt;/b&gt; &amp; more</h1>" in told


def test_all_that_a_buyer_must_know_stands_on_the_page(tmp_path: Path) -> None:
    folder = house(tmp_path) / "content"
    (folder / "products/ginseng.md").write_text(GINSENG, encoding="utf-8")
    (folder / "products/ginseng.en.md").write_text(GINSENG_ENGLISH, encoding="utf-8")
    shop = re.sub(r"zones:\n( .*\n)+", "", (folder / "shop.yml").read_text(encoding="utf-8"))
    (folder / "shop.yml").write_text(f"{shop}icp: 吉ICP备00000000号\n", encoding="utf-8")
    done = mkdocs(tmp_path)
    assert done.returncode == 0, done.stderr
    for own, all_of_it in (
        ("/products/ginseng/", ["十月的价", "每单限购 5 件", "每天不超过 3 克", "新疆、西藏暂不配送", "海南 ¥15.00"]),
        ("/en/products/ginseng/", ["October", "limit 5 items", "3 g a day", "to Xinjiang, Tibet", "Hainan: ¥15.00"]),
    ):
        html = page(tmp_path / "build/site", own)
        told = (words_of("en" if "/en/" in own else "zh")["returns"]["confirm"]).values()
        told_there = html_lib.unescape(html.text)
        assert [text for text in (*all_of_it, *told, "¥128.00", "SC12322058100000") if text not in told_there] == []
        assert html.all("input", name="quantity")[0]["max"] == "5"
        assert html.text.index('class="notice warn warnings"') < html.text.index('data-part="now"')
        assert [link["href"] for link in html.all("a") if "beian" in str(link["href"])] == [
            "https://beian.miit.gov.cn/"
        ]


GINSENG = """---
template: product.html
name: 生晒参
summary: 晒干的参
kind: food
village: gaotaizi
made_of: 人参
allergens: 无
storage: 阴凉干燥处
shelf_life: 12 个月
date_rule: 发货前 30 天内分装
maker: 示例合作社
origin: 吉林集安
returns: confirm
licence: SC12322058100000
per_order: 5
warnings: [每天不超过 3 克]
zones:
  - {province: 新疆维吾尔自治区, refused: true}
  - {province: 西藏自治区, refused: true}
  - {province: 海南省, postage: 1500}
pictures:
  - {src: spicy-cabbage.svg, alt: 一坛辣白菜}
packs:
  - {sku: ginseng-100g, name: 100 克, price: 9800, weight: 100, was: {price: 12800, basis: 十月的价}}
production: {per_day: 5, lead_days: 2, horizon_days: 14}
---

晒干的。
"""
GINSENG_ENGLISH = """---
template: product.html
name: Dried ginseng
summary: Ginseng, dried in the sun
made_of: Ginseng
allergens: None
storage: Cool and dry
shelf_life: 12 months
date_rule: Packed within 30 days before it ships
maker: Sample cooperative
origin: Ji'an, Jilin
warnings: [No more than 3 g a day]
pictures:
  - {src: spicy-cabbage.svg, alt: A jar of spicy cabbage}
packs:
  - {sku: ginseng-100g, name: 100 g, was: {basis: what it cost in October}}
---

Dried.
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_a_place_is_kept_from_search_engines_and_has_no_form_that_could_send_its_key(
    site: Path, lang: str
) -> None:
    html = page(site, "/waiting/" if lang == "zh" else "/en/waiting/")
    assert html.all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]
    assert not html.all("form")
    assert all("?" not in address for address in html.addresses())


def test_pages_for_hosts_are_found_from_the_console_and_from_no_shoppers_page(site: Path) -> None:
    for_hosts = {f"/pages/{info.id}/" for info in CATALOG.pages if info.for_hosts}
    assert for_hosts == {"/pages/hosts/", "/pages/overlay/", "/pages/photographs/", "/pages/writing/"}
    assert for_hosts <= {*page(site, "/host/").addresses()}
    assert not for_hosts & {*page(site, f"/rooms/{CATALOG.rooms[0].id}/").addresses()}
    assert not for_hosts & {*page(site, "/").addresses()}


@pytest.mark.parametrize("address", OVERLAYS)
def test_an_overlay_is_clear_small_and_says_who_sells(site: Path, address: str) -> None:
    for own in (address, english(address)):
        html = page(site, own)
        assert html.all("meta", name="robots")[0]["content"] == "noindex"
        assert html.all("main", **{"class": "plate"})
        seller = CATALOG.shop.seller.zh if own == address else CATALOG.shop.seller.en
        assert seller in html.text
        assert "shop.example.com" in html.text.partition('class="seller"')[2]
        weight = sum(len(gzip.compress(stored(site, one).read_bytes(), 9)) for one in (own, *html.loads()))
        assert weight < 12_000


NEWER_THAN_103 = re.compile(
    r":has\(|@container|@starting-style|@scope|color-mix|\d[dsl]v[hw]\b|subgrid|text-wrap|^\s*&|\boklch\(|popover|"
    r"startViewTransition|\.toSorted|\.toReversed|\.toSpliced|Object\.groupBy|withResolvers|AbortSignal\.any",
    re.MULTILINE,
)
"""What came with Chromium 104 and later, which OBS 29 and 30 do not have."""


def test_an_overlay_uses_nothing_that_obs_29_lacks(site: Path) -> None:
    html = page(site, OVERLAYS[0])
    files = [stored(site, load) for load in html.loads() if load.endswith((".js", ".css"))]
    assert {path.name for path in files} == {"overlay.css", "overlay.js"}
    for path in files:
        assert not NEWER_THAN_103.search(path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_packing_rooms_list_of_carriers_is_the_one_table(site: Path, lang: str) -> None:
    written = stored(site, f"{LANGUAGES[lang]}pack/").read_text(encoding="utf-8")
    told = re.search(r'<select id="carrier".*?</select>', written, re.DOTALL)
    assert told
    listed = re.findall(r'<option value="?(\w+)"?>(.*?)</option>', told[0])
    assert [(code, html_lib.unescape(name)) for code, name in listed] == [
        (code, name_of(code, lang)) for code in CARRIERS
    ]
