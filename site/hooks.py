"""MkDocs calls these while it builds the site: they say when something happens; what happens is in `storefront`.

static-i18n builds once for each language, the later ones inside the `post_build` of the first, so what must happen
once for the whole site asks `another_language` first. A preview of a few pages brings their `SiteContext` with it
(`config.extra["preview"]`): then nothing is read again, and nothing else is built.
"""

import gc
import os
from pathlib import Path

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext
from storefront.build import pages, site_files, texts
from storefront.check import content
from storefront.read.media.pictures import UnfitPicture
from storefront.write import publish


def another_language(config: MkDocsConfig) -> bool:
    """Return whether this build is for a further language, so that all that is done once has been done."""
    return bool(config.plugins["i18n"].building)  # type: ignore[attr-defined]


def on_config(config: MkDocsConfig) -> None:
    """Check all that is to be built before MkDocs empties a folder, and have it built beside the present site."""
    if another_language(config):
        return
    config.theme.static_templates.clear()  # Material's 404 page and the sitemap; the shop has its own
    if preview := config.extra.get("preview"):
        config.extra["front"] = preview.front
        return
    gc.set_threshold(100_000)  # what a build makes lives until its end: looking through it so often finds nothing
    try:
        publish.stage(config)
        found = content.look(Path(config.docs_dir))
        config.extra["front"] = pages.SiteContext.of(config, found, publish.kept_pictures(config))
    except publish.WrongPlace as error:
        raise PluginError(str(error)) from None
    except UnfitPicture as error:
        raise PluginError(f"{os.path.relpath(str(error.path), Path(config.docs_dir).parent)}:1: {error}") from None
    except content.BadContent as error:
        raise PluginError("\n".join(map(str, error.faults))) from None


@event_priority(100)
def before_i18n(files: Files, config: MkDocsConfig) -> Files:
    """Leave out what Material would publish, and add the pages that no village writes."""
    if preview := config.extra.get("preview"):
        return pages.needed(site_files.records_alone(files, config), preview.pages)
    return pages.add_generated(site_files.records_alone(files, config), config)


@event_priority(-200)
def after_i18n(files: Files, config: MkDocsConfig) -> Files:
    """Give the pages their text, for static-i18n has made new, unread files of them, and say what else is published."""
    front = config.extra["front"]
    pages.withhold(files, front.unshown)
    if preview := config.extra.get("preview"):
        pages.leave_out(files, preview.pages)
    return site_files.add_named(pages.fill(files, front.generated), front.published(), config)


on_files = CombinedEvent(before_i18n, after_i18n)


def on_env(env: jinja2.Environment, config: MkDocsConfig, files: Files) -> jinja2.Environment:
    """Have templates escape what they print, and know money; keep what Jinja makes of them, for it takes a second."""
    kept = publish.kept_templates(config)
    kept.mkdir(parents=True, exist_ok=True)
    env.bytecode_cache = jinja2.FileSystemBytecodeCache(str(kept))
    return pages.prepare(env)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Tell Markdown which page it makes."""
    config.mdx_configs[texts.__name__] = {"place": config.extra["front"].text_place(page)}


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Keep what the page says, to be searched."""
    config.extra["front"].keep_text(page, html)


def on_page_context(context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
    """Give the template its variables."""
    context.update(config.extra["front"].context(page))


@event_priority(-200)
def on_post_build(config: MkDocsConfig) -> None:
    """Once every language is built, add catalogue and assets, and put the new site in the old one's place."""
    if not another_language(config) and "preview" not in config.extra:
        front = config.extra["front"]
        publish.finish(config, front)
