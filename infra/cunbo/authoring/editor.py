"""The editor: a page on which content is written without knowing front matter, served by `make write` at /admin/.

It has a port of its own, and so an origin of its own: its page holds leave to write into the shop's folder, and no page
of the preview comes near that.

The page is Sveltia CMS, installed from npm with its version pinned; what it asks other hosts for (words, fonts) is
served from here. Which fields it shows follows from the catalogue's types, as all that reads content does, so
a new field of `Product` is there without a line here. It writes into the folder of the shop that the writer opens.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from aiohttp import web
from chalicelib.catalog import Fen, Shop, Slug, Text, Words
from chalicelib.districts import districts
from msgspec.structs import FieldInfo
from storefront.read import forms, messages
from storefront.read.messages import LANGUAGES
from storefront.read.records import FOLDERS, Home, template_of

from cunbo.authoring import serving
from cunbo.authoring.open_faults import OpenFaults
from cunbo.core.paths import ROOT, Paths
from cunbo.core.refusal import Refusal

PACKAGE = ROOT / ".local" / "editor" / "node_modules" / "@sveltia" / "cms"
"""Sveltia as npm installed it."""
FONTS = {
    "source-sans-3:vf@5.3.0/latin-wght-normal.woff2": "source-sans-3-latin-wght-normal-BqRLTx4X.woff2",
    "noto-mono@5.3.0/latin-400-normal.woff2": "noto-mono-latin-400-normal-DiC8lJru.woff2",
    "material-symbols-outlined:vf@5.3.7/latin-wght-normal.woff2": (
        "material-symbols-outlined-latin-wght-normal-_Z1IJPLg.woff2"
    ),
}
"""The fonts that Sveltia would fetch elsewhere, and the files of its package that hold the same."""
ELSEWHERE = "https://cdn.jsdelivr.net/fontsource/fonts/"
PACKAGES = "https://unpkg.com/"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src {origin}/admin/; style-src 'self' 'unsafe-inline'; font-src 'self';"
        " img-src 'self' blob: data:; media-src blob:; connect-src 'self' blob: data:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Sveltia styles by attribute, shows the writer's files as blobs, and reads its own logo out of its script; it asks no
other host for anything. It fills elements from texts, so Trusted Types stop it."""
SAY: dict[str, dict[str, str]] = {
    "title": {"zh": "村播 · 内容编辑", "en": "Cunbo · content"},
    "body": {"zh": "正文", "en": "Text"},
    "fen": {"zh": "单位是分：29.90 元写 2990", "en": "In fen: ¥29.90 is 2990"},
    "slug": {
        "zh": "网址里的名字：小写字母、数字和连字符，例如 pine-nuts",
        "en": "Its name in the address: lower-case letters, digits and hyphens, such as pine-nuts",
    },
    "home": {"zh": "首页", "en": "Home page"},
    "shop": {"zh": "店铺", "en": "Shop"},
    "villages": {"zh": "村子", "en": "Villages"},
    "products": {"zh": "商品", "en": "Products"},
    "stories": {"zh": "故事", "en": "Stories"},
    "videos": {"zh": "视频", "en": "Videos"},
    "live": {"zh": "直播间", "en": "Live rooms"},
    "pages": {"zh": "其他页面", "en": "Other pages"},
    "zh": {"zh": "中文", "en": "Chinese"},
    "en": {"zh": "英文", "en": "English"},
}
LONG = {"summary", "source"}
"""Texts that want more than one line."""
OF_FOLDER = {"village": "villages", "products": "products", "first": "products"}
"""Fields that name records, and the folder of those."""
BASED = {"src": "image", "clip": "file"}
"""Fields that name a file beside the record."""

Config = dict[str, Any]
Extend = Callable[[web.Application], None]
"""Adds routes to the editor's server."""


def config(lang: str, folder: str = "shop") -> Config:
    """Return Sveltia's configuration, by its own schema, with names in the language; it asks for a folder called so."""
    home = {"file": "content/index.{{locale}}.md", "i18n": True, "fields": [*_page(Home, lang)]}
    shop = {"file": "content/shop.yml", "format": "yaml", "fields": [*fields(Shop, lang, apart=False)]}
    return {
        "backend": {
            "name": "gitea",
            "repo": f"village/{folder}",
            "base_url": "http://127.0.0.1",
            "auth_methods": ["token"],
        },
        "load_config_file": False,
        "app_title": SAY["title"][lang],
        "show_preview_links": False,
        "media_folder": "content",
        "public_folder": "/",
        "media_libraries": {"stock_assets": False},
        "i18n": {
            "structure": "multiple_files",
            "locales": list(LANGUAGES),
            "default_locale": "zh",
            "omit_default_locale_from_file_path": True,
        },
        "output": {"omit_empty_optional_fields": True, "yaml": {"indent_sequences": True}},
        "slug": {"encoding": "ascii"},
        "editor": {"preview": False},
        "collections": [collection(folder, kind, lang) for folder, kind in FOLDERS.items()],
        "singletons": [
            {"name": "home", "label": SAY["home"][lang], **home},
            {"name": "shop", "label": SAY["shop"][lang], **shop},
        ],
    }


def collection(folder: str, kind: type[msgspec.Struct], lang: str) -> Config:
    """Return a folder of records; its writer types a new record's name, as a Chinese title has no letters for it."""
    names = forms.fields_of(kind)
    title = "name" if "name" in names else "title"
    return {
        "name": folder,
        "label": SAY[folder][lang],
        "folder": f"content/{folder}",
        "media_folder": "",
        "public_folder": "",
        "identifier_field": title,
        "slug": {
            "editable": ["create"],
            "hint": SAY["slug"][lang],
            "pattern": [_pattern(Slug), SAY["slug"][lang]],
        },
        "i18n": True,
        "fields": [*_page(kind, lang)],
    }


def _page(kind: type[msgspec.Struct], lang: str) -> Iterator[Config]:
    yield {"name": "template", "widget": "hidden", "default": template_of(kind), "i18n": "duplicate"}
    yield from fields(kind, lang)
    yield {
        "name": "body",
        "label": SAY["body"][lang],
        "widget": "markdown",
        "modes": ["raw", "rich_text"],
        "i18n": True,
    }


def fields(kind: Any, lang: str, key: str | None = None, *, apart: bool = True) -> Iterator[Config]:
    """Yield the fields of a record; `key` is written in both files, a fact in the Chinese one alone.

    Where languages do not stand `apart`, one file holds both.
    """
    for info in forms.fields_of(kind).values():
        found: Config = {"name": info.name, "label": forms.labels()[info.name][lang], "required": info.required}
        if apart:
            found["i18n"] = "duplicate" if info.name == key else forms.speaks(info.type)
        yield found | _widget(info, lang, apart)


def _widget(info: FieldInfo, lang: str, apart: bool) -> Config:
    """Return how a value of the field's type is asked for."""
    type_, kind, item = info.type, forms.bare(info.type), forms.item_of(info.type)
    if info.name in OF_FOLDER and str in (kind, forms.bare(item)):
        names = {"collection": OF_FOLDER[info.name], "value_field": "{{slug}}", "display_fields": ["name"]}
        return {"widget": "relation", "multiple": item is not None, **names}
    if info.name == "province":
        return {"widget": "select", "options": list(districts())}
    if info.name in BASED:
        return {"widget": BASED[info.name], "choose_url": False}
    if forms.is_text(kind) and apart:
        return _text(Words, lang, info.name in LONG) if kind is Text else _either(kind, lang)
    if forms.is_record(kind):
        return {"widget": "object", "fields": _inner(kind, lang, apart)}
    if item is not None:
        return _list(info, item, lang, apart)
    if kind is bool:
        return {"widget": "boolean", "default": info.default is True}
    if choices := forms.choices_of(kind):
        return {"widget": "select", "options": list(choices)}
    if kind is int:
        hint = {"hint": SAY["fen"][lang]} if forms.present(type_) == Fen else {}
        return {"widget": "number", "value_type": "int", **_bounds(type_, {"ge": "min", "le": "max"}), **hint}
    return _text(type_, lang) if kind is str else {"widget": "datetime", "type": "date", "format": "YYYY-MM-DD"}


def _inner(kind: Any, lang: str, apart: bool, key: str | None = None) -> list[Config]:
    if forms.is_text(kind):
        types = forms.fields_of(kind)
        return [{"name": one, "label": SAY[one][lang], **_text(types[one].type, lang)} for one in LANGUAGES]
    return [*fields(kind, lang, key, apart=apart)]


def _list(info: FieldInfo, item: Any, lang: str, apart: bool) -> Config:
    size = _bounds(info.type, {"min_length": "min", "max_length": "max"})
    if choices := forms.choices_of(item):
        return {"widget": "select", "multiple": True, "options": list(choices), **size}
    if forms.bare(item) is str:
        entry: Config = {"name": info.name, "label": forms.labels()[info.name][lang]}
        return {"widget": "list", "field": entry | _text(item, lang), **size}
    if forms.bare(item) is Text and apart:
        one = {"name": info.name, "label": forms.labels()[info.name][lang], "i18n": True}
        return {"widget": "list", "field": one | _text(Words, lang, long=True), **size}
    key = forms.key_of(item) if forms.speaks(item) else None
    return {"widget": "list", "fields": _inner(item, lang, apart, key), **size}


def _text(type_: Any, lang: str, long: bool = False) -> Config:
    bounds = _bounds(type_, {"max_length": "maxlength"})
    found = _pattern(type_)
    pattern = {"pattern": [found, getattr(forms.remedy_of(type_), lang)]} if found else {}
    return {"widget": "text" if long else "string", **bounds, **pattern}


def _either(kind: Any, lang: str) -> Config:
    """Return how a text is asked for that each language writes by a rule of its own: the editor knows one for both."""
    types = [info.type for info in forms.fields_of(kind).values()]
    return {
        "widget": "string",
        "pattern": ["|".join(map(_pattern, types)), "; ".join(getattr(forms.remedy_of(one), lang) for one in types)],
    }


def _bounds(type_: Any, names: dict[str, str]) -> Config:
    return {
        there: getattr(meta, here)
        for meta in forms.metas(type_)
        for here, there in names.items()
        if getattr(meta, here) is not None
    }


def _pattern(type_: Any) -> str:
    """Return the type's pattern as JavaScript writes it; empty where it has none."""
    return next((meta.pattern.replace(r"\Z", "$") for meta in forms.metas(type_) if meta.pattern), "")


def make(paths: Paths) -> Path:
    """Write the page into build/admin and return that folder; raises Refusal where Sveltia is not installed."""
    if not (PACKAGE / "dist").is_dir():
        raise Refusal("the editor is not installed: `make write` does it")
    there = paths.build / "admin"
    parts = there / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "infra" / "editor").iterdir():
        if path.suffix in {".css", ".html", ".js"}:
            (there / path.name).write_bytes(path.read_bytes())
    script = (PACKAGE / "dist" / "sveltia-cms.js").read_text(encoding="utf-8")
    for theirs, ours in FONTS.items():
        script = script.replace(f"{ELSEWHERE}{theirs}", f"/admin/parts/{ours}")
        (parts / ours).write_bytes((PACKAGE / "npm" / "assets" / ours).read_bytes())
    if ELSEWHERE in script:
        raise Refusal(
            "this release of Sveltia fetches another font: add it to FONTS in infra/cunbo/authoring/editor.py"
        )
    (parts / "sveltia-cms.js").write_text(script.replace(PACKAGES, "/admin/parts/"), encoding="utf-8")
    version = json.loads((PACKAGE / "package.json").read_bytes())["version"]
    locales = parts / "@sveltia" / f"cms@{version}" / "locales"
    locales.mkdir(parents=True, exist_ok=True)
    (locales / "zh-CN.json").write_bytes((PACKAGE / "locales" / "zh-CN.json").read_bytes())
    (parts / "@sveltia" / "cms").mkdir(exist_ok=True)
    (parts / "@sveltia" / "cms" / "package.json").write_text(json.dumps({"version": version}))
    for lang in LANGUAGES:
        made = json.dumps(config(lang, paths.root.name or "shop"), ensure_ascii=False)
        (there / f"config.{lang}.json").write_text(made, encoding="utf-8")
        words = messages.of(lang)["editing"]
        guide = template("guide.html").render(say=words, folder=paths.root)
        (there / f"guide.{lang}.html").write_text(guide, encoding="utf-8")
    return there


def template(name: str) -> jinja2.Template:
    """Return a template of the editor's own pages, which escapes what it prints."""
    loader = jinja2.FileSystemLoader(ROOT / "infra" / "editor" / "templates")
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(name)


def address(port: int) -> str:
    """Return where the editor is found."""
    return f"http://{serving.LOCAL}:{port}/admin/"


def application(page: Path, faults: OpenFaults, extend: Extend = lambda _: None) -> web.Application:
    """Return the editor's server; `page` is the folder that `make` wrote, `faults` what its page shows at its foot.

    `extend` adds routes before its own.
    """

    async def send(request: web.Request) -> web.StreamResponse:
        path = serving.file_of(page.parent, request.path)
        if path is None or not path.is_relative_to(page.resolve()):
            return web.Response(status=404)
        return serving.answer(200, path.read_bytes(), path.suffix)

    async def enter(_: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/admin/")

    made = serving.application(headers)
    extend(made)
    made.router.add_get("/", enter)
    faults.serve(made, "/admin/faults")
    made.router.add_get("/admin/{path:.*}", send)
    return made


def headers(origin: str) -> Mapping[str, str]:
    """Return the editor's own headers, at that origin."""
    return {name: value.replace("{origin}", origin) for name, value in HEADERS.items()}
