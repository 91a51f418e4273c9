"""Modules and stylesheets as pages load them; the code is run, by the browser, in tests/browser/."""

import pytest
from storefront.build.bundles import Unread, bundle, sheet

HOUSE = {
    "core/storage.js": "const store = new Map();\nexport const recall = (name) => store.get(name);\n",
    "state/cart.js": 'import { recall } from "../core/storage.js";\nconst find = 1;\n'
    "export const lines = () => recall(find);\n",
    "pages/form.js": "export const mark = () => {};\n",
    "pages/late.js": 'import { recall } from "../core/storage.js";\nexport const open = () => recall("late");\n',
    "pages/page.js": 'import { lines } from "../state/cart.js";\nlines();\nimport("./late.js");\n',
}


def test_a_page_without_anything_for_later_is_one_file_that_exports_nothing() -> None:
    files = bundle(HOUSE, "state/cart.js")
    assert list(files) == ["cart.js"]
    assert not {"import", "export"} & set(files["cart.js"].replace("(", " ").split())
    assert files["cart.js"].count("new Map") == 1


def test_what_comes_later_shares_the_modules_of_the_page_and_so_their_state() -> None:
    files = bundle(HOUSE, "pages/page.js")
    assert list(files) == ["page.js", "page.late.js"]
    assert files["page.js"].count("new Map") == 1 and "new Map" not in files["page.late.js"]
    assert 'import("./page.late.js")' in files["page.js"]
    assert 'from"./page.js"' in files["page.late.js"]


def test_a_module_returns_what_is_imported_of_it_and_nothing_else() -> None:
    modules = {
        "a.js": "export const used = 1;\nexport const unused = 2;\n",
        "b.js": 'import { used as it } from "./a.js";\nit;\n',
        "c.js": 'import * as a from "./a.js";\na.used;\n',
    }
    assert "return{used};" in bundle(modules, "b.js")["b.js"]
    assert "return{used,unused};" in bundle(modules, "c.js")["c.js"]


def test_functions_that_nobody_takes_stay_behind_and_so_do_those_that_they_alone_name() -> None:
    modules = {
        "a.js": "export function used() {\n  return kept();\n}\n\nexport function kept() {\n  return 1;\n}\n\n"
        "export function unused() {\n  return deeper();\n}\n\nexport async function deeper() {\n  return 2;\n}\n"
        "export function empty() {}\n",
        "b.js": 'import { used } from "./a.js";\nused();\n',
    }
    found = bundle(modules, "b.js")["b.js"]
    assert [name for name in ("used", "kept", "unused", "deeper") if f"function {name}(" in found] == ["used", "kept"]
    assert "return{used};" in found


def test_what_two_later_modules_need_is_the_pages_own_so_that_neither_has_it_by_itself() -> None:
    more = {
        "pages/drops.js": 'import { mark } from "./form.js";\nmark("mark of drops");\n',
        "pages/waitlist.js": 'import { mark } from "./form.js";\nmark("mark of waitlist");\n',
        "shop.js": 'import("./pages/drops.js");\nimport("./pages/waitlist.js");\n',
        "pages/form.js": 'export const mark = (text) => console.log("said once", text);\n',
    }
    files = bundle(HOUSE | more, "shop.js")
    assert [name for name, text in files.items() if "said once" in text] == ["shop.js"]


@pytest.mark.parametrize(
    "line",
    ["export default 1;", 'import cart from "./cart.js";', 'export * from "./cart.js";', "export let state = 1;"],
)
def test_a_line_that_is_not_read_is_named_with_its_remedy(line: str) -> None:
    with pytest.raises(Unread) as raised:
        bundle({"a.js": f"{line}\n"}, "a.js")
    assert str(raised.value).startswith(f"site/assets/js/a.js: {line}: write imports as")


def test_a_module_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match=r"b\.js"):
        bundle({"a.js": 'import { b } from "./b.js";\n'}, "a.js")


def test_two_chunks_of_one_name_are_refused_since_one_would_take_the_others_place() -> None:
    more = {"a/late.js": "1;\n", "b/late.js": "2;\n", "c.js": 'import("./a/late.js");\nimport("./b/late.js");\n'}
    with pytest.raises(Unread, match="one file name"):
        bundle(more, "c.js")


def test_stylesheets_become_one_in_their_order_without_their_comments() -> None:
    assert sheet(["/* why */ a { color: #ff0000; }\n", "a { color: blue }"]) == "a{color:#ff0000}a{color:blue}"
