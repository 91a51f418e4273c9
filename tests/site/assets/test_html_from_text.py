"""No script makes markup or code of a string, and no template lets a string pass as markup but a page's own text."""

import re

from cunbo.core.paths import ROOT

SINKS = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|srcdoc|setHTMLUnsafe|parseHTMLUnsafe|DOMParser)\b"
    r"|\bdocument\.write|\beval\(|\bnew Function\b|javascript:"
    r"|\bset(?:Timeout|Interval)\(\s*[\"'`]|setAttribute\(\s*[\"'`]on"
)
"""What turns a string into elements or into code."""
TEMPLATE_SINKS = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\(|\bkai_in\(")
OF_WRITERS = ("page.content|safe", "kai_in(page.content)")
"""MkDocs' own HTML of a page, which the check of the content answers for."""


def found(folder: str, pattern: re.Pattern[str], *endings: str) -> list[str]:
    """Each line below the folder in which the pattern is found: its file, number and text."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in endings
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_script_makes_elements_or_code_of_a_string() -> None:
    assert found("site/assets", SINKS, ".js") == []


def test_no_template_passes_a_string_on_as_markup() -> None:
    lines = found("site/theme", TEMPLATE_SINKS, ".html") + found("functions", TEMPLATE_SINKS, ".html", ".txt", ".py")
    assert [line for line in lines if not any(one in line.replace(" ", "") for one in OF_WRITERS)] == []
    assert len(lines) >= 5, "pages are written this way"


def test_each_sink_is_seen() -> None:
    for line in (
        "node.innerHTML = name",
        'node.insertAdjacentHTML("beforeend", name)',
        "document.write(name)",
        "new DOMParser().parseFromString(name, kind)",
        "eval(name)",
        'setTimeout("go()", 5)',
        'link.setAttribute("onclick", name)',
        'link.href = "javascript:" + name',
    ):
        assert SINKS.search(line), line
    assert not SINKS.search("setTimeout(() => evaluate(name), 5)")
    for line in ("{{ name | safe }}", "{{ name|safe }}", "{% autoescape false %}", "return Markup(name)"):
        assert TEMPLATE_SINKS.search(line), line
