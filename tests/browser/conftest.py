"""One browser for the run, a context of its own for each visitor, and goods on the shelf whatever was sold before."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from chalicelib.domain.calendar import village_day
from playwright.sync_api import Browser, BrowserContext, Error, Playwright, expect, sync_playwright

from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import DESKTOP, TABLET, Shopper, Size, Watch
from tests.conftest import RunningShop

Visit = Callable[..., Shopper]
"""visit(lang, size, javascript): somebody new comes to the shop."""

MISSING = "no Chromium, Chrome or Edge here: install one (Debian: apt install chromium-headless-shell)"
PATIENCE = 15_000
"""Milliseconds for whatever a page waits for: a refund goes through the outbox, on a machine that does much else."""
NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What starts browsers."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The machine's own Chromium, which can reach nothing but this machine."""
    found = start(playwright, NOWHERE_ELSE)
    yield found
    found.close()


def start(playwright: Playwright, *settings: str) -> Browser:
    """Starts the first browser there is. Playwright's own defaults leave out the sandbox (root has none) and all
    background networking. The headless shell does the same for half of the whole browser's work."""
    launch = partial(playwright.chromium.launch, args=[*settings])
    if path := shutil.which("chromium-headless-shell") or shutil.which("chromium"):
        return launch(executable_path=path)
    for channel in ("chrome", "msedge"):
        try:
            return launch(channel=channel)
        except Error:
            continue
    return pytest.fail(MISSING, pytrace=False)


@pytest.fixture(scope="session")
def shelf(shop: RunningShop) -> Iterator[Shelf]:
    """The stock of the shared shop: plenty of each pack on two days, whatever other tests have sold."""
    shelf = Shelf(shop)
    first = village_day(datetime.now(UTC)) + timedelta(days=2)
    with ExitStack() as kept:
        for sku in ("spicy-cabbage-500g", "spicy-cabbage-1kg"):
            kept.enter_context(shelf.holding(sku, {first: 60, first + timedelta(days=1): 60}))
        yield shelf


@pytest.fixture
def visit(browser: Browser, shop: RunningShop, shelf: Shelf) -> Iterator[Visit]:
    """Lets somebody visit the shared shop."""
    with ExitStack() as visits:
        yield partial(visitor, visits, browser, shop.url)


def visitor(
    visits: ExitStack,
    browser: Browser,
    origin: str,
    lang: str = "zh",
    size: Size = DESKTOP,
    javascript: bool = True,
    kept: bool = False,
    user_agent: str | None = None,
) -> Shopper:
    """Somebody with a fresh browser; what goes wrong in it fails the test when `visits` closes."""
    context = browser.new_context(
        viewport={"width": size.width, "height": size.height},
        user_agent=user_agent,
        locale={"zh": "zh-CN", "en": "en-GB"}[lang],
        has_touch=size != DESKTOP,
        java_script_enabled=javascript,
        color_scheme="dark" if size == TABLET else "light",
        service_workers="allow" if kept else "block",  # what passes a worker cannot be looked at on its way
        reduced_motion="reduce",  # colours are measured as they are, not on their way
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    context.set_default_timeout(PATIENCE)
    watch = Watch(origin)
    watch.follow(context)
    visits.callback(watch.check)
    visits.callback(close, context)
    return Shopper(context.new_page(), watch, origin, lang)


def close(context: BrowserContext) -> None:
    """Ends a visit. A page may ask at any moment: who answers that in the shop's place need not be done by now."""
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.close()
