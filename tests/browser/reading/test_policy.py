"""The shop's policy: a script that lies where content lies does not run, however it came there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import Visit
from tests.conftest import RunningShop

EVIL = "window.ran = (window.ran || []).concat(document.currentScript ? document.currentScript.src : 'module');"
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>x</title>
<script src="/stories/evil.js"></script>
<script type="module" src="/stories/evil.js"></script>
<script src="/assets/../stories/evil.js"></script>
<script src="/assets/%2e%2e/stories/evil.js"></script>
<script src="/assets/..%2fstories/evil.js"></script>
<script src="/assets/0/..%5c..%5cstories/evil.js"></script>
<script src="/q/cabbage-1"></script>
<script>window.ran = ["inline"]</script>
<img src="/nothing.png" onerror="window.ran = ['handler']" alt="">
<svg onload="window.ran = ['drawing']"></svg>
<iframe srcdoc="<script>parent.ran = ['frame']</script>"></iframe>
<base href="https://evil.example/">
<a id="link" href="javascript:window.ran = ['link']">看</a>
<main id="main">hostile</main>
</html>"""
REFUSED = {
    "a worker": "new Worker('/stories/evil.js')",
    "a service worker": "navigator.serviceWorker.register('/stories/evil.js')",
    "a module": "import('/stories/evil.js')",
    "HTML out of a text": "(document.body.innerHTML = '<img src=x onerror=alert(1)>')",
    "a document out of a text": "new DOMParser().parseFromString('<p>x', 'text/html')",
    "another policy": "trustedTypes.createPolicy('default', { createHTML: (text) => text })",
    "a script's address": "Object.assign(document.createElement('script'), { src: '/stories/evil.js' })",
}


@pytest.fixture(scope="module")
def hostile(shop: RunningShop) -> Iterator[str]:
    """A page with all of it, put into the bucket past every check; answers its path."""
    s3, bucket = shop.client("s3"), shop.stack.outputs["SiteBucket"]
    files = {"stories/evil.js": (EVIL, "text/javascript"), "stories/evil/": (PAGE, "text/html; charset=utf-8")}
    for key, (body, kind) in files.items():
        s3.put_object(Bucket=bucket, Key=key, Body=body.encode(), ContentType=kind)
    yield "/stories/evil/"
    for key in files:
        s3.delete_object(Bucket=bucket, Key=key)


def test_a_script_beside_a_story_does_not_run(visit: Visit, hostile: str) -> None:
    visitor = visit()
    for said in ("violates the following Content Security Policy", "Refused to execute script", "status of 40"):
        visitor.watch.expect(said)
    visitor.page.goto(f"{visitor.origin}{hostile}")
    assert visitor.page.locator("#main").inner_text() == "hostile", "the page itself is shown"
    visitor.page.locator("#link").click()
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.page.evaluate("window.ran") is None


@pytest.mark.parametrize("what", REFUSED)
def test_a_script_of_the_shop_itself_makes_no_code_of_what_it_is_given(visit: Visit, what: str) -> None:
    visitor = visit(kept=what == "a service worker")
    visitor.watch.expect("The action has been blocked")
    visitor.open("/")
    with pytest.raises(
        Error, match=r"TrustedHTML|TrustedScript|Content Security Policy|disallowed|dynamically imported"
    ):
        visitor.page.evaluate(f"async () => {{ await {REFUSED[what]}; }}")
