"""Which of the kinds of items that the table has an item is, by its key."""

import re

from chalicelib.storage.keys import ITEMS, Item

FORMS = {
    "ship-by": r"\d{4}-\d\d-\d\d",
    "day": r"\d{4}-\d\d-\d\d",
    "joined": r"[\dT:.-]+Z",
    "instant": r"[\dT:.-]+Z",
    "hour": r"\d{4}-\d\d-\d\dT\d\d",
    "number": r"\d{20}",
    "partition": r"\d+",
    "shard": r"[\w-]+",
    "part": r"\d+",
    "entry": r"[a-z]+#[a-z]+#.+",
    "scope": r".+",
    "act": r"[0-9a-f]{16}(#end)?",
}


def described(item: Item) -> list[str]:
    """The kinds of `ITEMS` that an item is one of, by its key."""
    key = f"{item['pk']['S']} | {item['sk']['S']}"
    return [kind for kind in ITEMS if re.fullmatch(form(kind), key)]


def form(kind: str) -> str:
    """A pattern of the keys of a kind."""
    words = re.split(r"<(.*?)>", kind)
    return "".join(FORMS.get(word, "[^#]+") if place % 2 else re.escape(word) for place, word in enumerate(words))
