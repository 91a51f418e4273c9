"""What a manager, host or packer would need a terminal for has its place on a page, which makes the call that does it.

A page is read as a browser would: its template, its module and all that this imports. It must have the whole address
of the call, whose route the functions serve; an address of the site itself must be one that is built.
"""

import re
from pathlib import Path

import app as functions
import pytest
from cunbo.cli import COMMANDS, Verb
from storefront.read.generated import GENERATED

from tests.functions.helpers.world import ROOT

SITE = ROOT / "site"
JS = SITE / "assets/js"
PLACED = {name: verb for name, verb in COMMANDS.items() if verb.who not in ("engineer", "writer")}
BUILT = {"GET /rooms/{room}/qr.svg"}
"""Addresses of the site itself, which no function serves."""


def modules(entry: Path) -> set[Path]:
    """A module and all that it imports, also what it fetches when it is needed."""
    found: set[Path] = set()
    ahead = [entry]
    while ahead:
        module = ahead.pop()
        if module in found or not module.is_file():
            continue
        found.add(module)
        for other in re.findall(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+\.js)["']""", module.read_text("utf-8")):
            ahead.append((module.parent / other).resolve())
    return found


def read_page(page: str) -> str:
    """All that a page's template and its modules say."""
    template = (SITE / "theme" / GENERATED[page]).read_text("utf-8")
    entry = re.search(r'entry="([^"]+)"', template)
    assert entry, f"{GENERATED[page]} names no module"
    return "\n".join([template, *(one.read_text("utf-8") for one in modules(JS / entry[1]))])


def is_called(call: str, text: str) -> bool:
    """Whether the text has the address of a call, each part of it where another part or the address ends.

    `{order}` stands for whatever is put there; a module may put an address together from several strings.
    """
    method, _, path = call.partition(" ")
    first, *others = re.split(r"\{\w+\}", path if call in BUILT else f"/api{path}")
    begins, ends, hole = r"[`\"']", r"(?:[`\"'?]|\$?\{)", r"(?:\}|[`\"'])"
    wanted = [begins + re.escape(first) + ends]
    wanted += [f"(?:{hole}/|{begins}){re.escape(part[1:])}{ends}" for part in others if part]
    return (method == "GET" or f'"{method}"' in text) and all(re.search(part, text) for part in wanted)


def is_placed(verb: Verb) -> bool:
    method, _, path = verb.call.partition(" ")
    served = verb.call in BUILT or method in functions.app.routes.get(path, {})
    return served and verb.page in GENERATED and is_called(verb.call, read_page(verb.page))


def test_every_verb_says_who_needs_it_and_where_else_it_has_its_place() -> None:
    for name, verb in COMMANDS.items():
        assert bool(verb.page and verb.call) == (name in PLACED), name
        assert bool(verb.page) == bool(verb.call), name
        assert not verb.page or verb.page in GENERATED, f"{name}: the site has no page {verb.page}"


@pytest.mark.parametrize("name", PLACED)
def test_what_a_manager_host_or_packer_needs_has_its_place_on_a_page(name: str) -> None:
    verb = PLACED[name]
    assert is_placed(verb), f"/{verb.page}/ does not call {verb.call}, on which `cunbo {name}` stands"


@pytest.mark.parametrize(
    ("call", "text", "called"),
    [
        ("POST /staff/orders/{order}/refunds", 'call(`/api/staff/orders/${order}/refunds`, { method: "POST" })', True),
        ("POST /staff/orders/{order}/refunds", "call(`/api/staff/orders/${order}/refunds`)", False),
        ("POST /staff/orders/{order}/refunds", 'call(`/api/staff/orders/${order}`, { method: "POST" })', False),
        ("POST /staff/rooms/{room}/drops", 'path = (rest) => `/api/staff/rooms/${room}${rest}`; "POST" "/drops"', True),
        (
            "POST /staff/rooms/{room}/drops",
            'path = (rest) => `/api/staff/rooms/${room}${rest}`; "POST" "/dropped"',
            False,
        ),
        ("POST /staff/orders/{order}/refunds", '`/api/staff/orders/${order}/${path}`; "POST"; act("refunds")', True),
        ("GET /staff/orders/{order}", "call(`/api/staff/orders/${number}`)", True),
        ("GET /staff/plan", "call(`/api/staff/plan?from=${first}`)", True),
        ("GET /staff/plan", 'call("/api/staff/planned")', False),
        ("GET /rooms/{room}/qr.svg", '<a href="/rooms/{{ room.id }}/qr.svg">', True),
    ],
)
def test_a_call_is_told_by_its_whole_address(call: str, text: str, called: bool) -> None:
    assert is_called(call, text) is called
