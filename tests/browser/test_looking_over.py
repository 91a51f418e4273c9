"""Looking a page over: what axe finds in a page of a new form is told, however many pages were good before it."""

import pytest

from tests.browser.conftest import Visit

GOOD = (
    '<!doctype html><html lang="zh"><title>Jar</title><main><h1>{word}</h1><img alt="{alt}" src="data:,">{more}</main>'
)
BAD = {
    "a button without a name": {"more": "<button></button>"},
    "words that nobody can read": {"more": '<p class="pale">Pickled<style>.pale { color: #eee }</style></p>'},
    "a link whose only word is its picture's": {"more": '<a href="/"><img alt="" src="data:,"></a>'},
}


def test_a_fault_in_a_page_of_a_new_form_is_found_and_found_again(visit: Visit) -> None:
    visitor = visit()

    def look(word: str = "Jar", alt: str = "A jar", more: str = "") -> None:
        visitor.page.set_content(GOOD.format(word=word, alt=alt, more=more))
        visitor.look_over()

    look()
    look(word="Another jar", alt="Another")
    look(more='<a href="/"><img alt="Home" src="data:,"></a>')
    for planted in (*BAD.values(), *BAD.values()):
        with pytest.raises(AssertionError, match="impact"):
            look(**planted)
    look(word="The first form again")
