"""The command line, `cunbo COMMAND`: leaves with 0, with 1 where a command found something, with 2 where it refused.

A command's module is imported only when that command is asked for: boto3, aiohttp and MkDocs take a second or more to
load, and neither `cunbo --help` nor `cunbo check` needs them.
"""

import argparse
import sys
import textwrap
from collections.abc import Sequence
from importlib import import_module
from typing import Literal, NamedTuple

from cunbo.core.paths import Paths
from cunbo.core.progress import note_error
from cunbo.core.refusal import Refusal, instead
from cunbo.core.stops import STOPPED


class Verb(NamedTuple):
    """A command: the module of cunbo.commands that runs it, what it does, and who needs it.

    What a manager, host or packer needs has its place on a `page` of the site too (a path of storefront's `GENERATED`),
    which makes this `call`: a test compares them.
    """

    module: str
    does: str
    who: Literal["engineer", "writer", "manager", "host", "packer"]
    page: str = ""
    call: str = ""


COMMANDS = {
    "check": Verb("content", "say every fault of the content; exit 1 where there is one", "writer"),
    "new": Verb("content", "ask about a product, story, video, village, room or page, and write its files", "writer"),
    "write": Verb("site", "show the site as it is being written, at PORT, without its functions", "writer"),
    "publish": Verb("site", "show what is new in the content, and bring it live; or an earlier release", "writer"),
    "video": Verb("media", "make a clip ready for its page", "writer"),
    "clips": Verb("evening.clips", "cut a show's recording into a clip for each product, by the room's log", "writer"),
    "build": Verb("site", "check the content and build the site into build/site", "engineer"),
    "up": Verb("local", "run the whole stack on this machine, at PORT", "engineer"),
    "bench": Verb("bench", "measure the surge, orders at the table, cold start, pages, build", "engineer"),
    "verify": Verb(
        "verify", "explore the models of promise, waitlist and money; exit 1 where one is broken", "engineer"
    ),
    "limits": Verb("limits", "say what a surge needs of AWS: shards, units, quotas, cost; a model", "engineer"),
    "reset": Verb("local", "throw away the local stack's orders, stock and letters", "engineer"),
    "batch": Verb(
        "stock",
        "set how many units of a SKU can be made by a date, drops included",
        "manager",
        "desk/plan",
        "POST /staff/plan",
    ),
    "plan": Verb(
        "stock",
        "make the batches that the production plan has and the stock lacks",
        "manager",
        "desk/plan",
        "GET /staff/plan",
    ),
    "expect": Verb(
        "stock",
        "say how many orders a second a SKU must take, now and later",
        "manager",
        "desk/plan",
        "PUT /staff/goods/{sku}/rate",
    ),
    "danger": Verb(
        "stock",
        "list the promises that cannot be kept; exit 1 where there are any",
        "manager",
        "desk/plan",
        "GET /staff/dangers",
    ),
    "short-day": Verb(
        "stock",
        "say that some of a batch will not be made, and ask buyers; list what they answer",
        "manager",
        "desk/plan",
        "POST /staff/batches/{sku}/{day}/ask",
    ),
    "audit": Verb("stock", "compare the stock with the orders; exit 1 where they differ", "engineer"),
    "postpone": Verb(
        "orders",
        "move an order to a later date, and tell its buyer",
        "manager",
        "desk/orders",
        "POST /staff/orders/{order}/postpone",
    ),
    "refund": Verb(
        "orders",
        "cancel an order and give its money back, or some of it: by line, of postage, by amount",
        "manager",
        "desk/orders",
        "POST /staff/orders/{order}/refunds",
    ),
    "order": Verb(
        "orders",
        "tell what is known of an order; with --json all of it, and what was said of its goods",
        "manager",
        "desk/orders",
        "GET /staff/orders/{order}",
    ),
    "claims": Verb(
        "orders",
        "list the claims that wait for a decision, the oldest first; the desk settles them",
        "manager",
        "desk/claims",
        "GET /staff/claims",
    ),
    "person": Verb(
        "orders",
        "tell what is kept of a person, forget them, or keep an order for a dispute",
        "manager",
        "desk/people",
        "POST /staff/people",
    ),
    "recall": Verb(
        "stock",
        "recall a batch: stop its sale, its packing and its parcels, and write to its buyers; or a drill",
        "manager",
        "desk/plan",
        "POST /staff/batches/{sku}/{day}/recall",
    ),
    "drop": Verb(
        "drops",
        "move units into a drop: one room sells them between two instants, at their own price",
        "host",
        "host",
        "POST /staff/rooms/{room}/drops",
    ),
    "drops": Verb(
        "drops", "list the drops: when, how many, how many are promised", "host", "host", "GET /staff/rooms/{room}"
    ),
    "drop-end": Verb(
        "drops",
        "end a drop now; what is left is on sale as before",
        "host",
        "host",
        "POST /staff/rooms/{room}/drops/{drop}/end",
    ),
    "waiting": Verb(
        "waitlist",
        "list who waits for what is sold out, the first in line first",
        "manager",
        "desk/plan",
        "GET /staff/waiting/{sku}",
    ),
    "staff": Verb(
        "staff",
        "invite the devices of hosts, managers and big screens; list, revoke",
        "manager",
        "staff",
        "POST /staff/invitations",
    ),
    "qr": Verb(
        "media",
        "draw the codes of rooms or of a product: SVG, PNG, and a PDF to print and cut",
        "host",
        "staff",
        "GET /rooms/{room}/qr.svg",
    ),
    "jars": Verb(
        "media",
        "draw the labels of a batch's jars: a page to print, each with the code of its passport",
        "packer",
        "pack/jars",
        "POST /staff/batches/{sku}/{day}/labels",
    ),
    "deploy": Verb("deploy", "bring a stage to AWS", "engineer"),
    "rotate": Verb(
        "deploy", "replace the secret that order numbers and links come from, while the shop goes on", "engineer"
    ),
    "pay": Verb(
        "deploy",
        "prove providers' settings without money; list, give back or book money that fits nowhere",
        "manager",
        "desk/books",
        "POST /staff/strays/{stray}/return",
    ),
    "track": Verb("deploy", "prove the settings of carriers' services, by which parcels are followed", "engineer"),
    "reconcile": Verb(
        "orders",
        "compare the providers' statements of a day with the ledger; exit 1 where they differ",
        "manager",
        "desk/books",
        "GET /staff/books/reconciliation",
    ),
    "books": Verb(
        "orders",
        "write the books of a day or a month as a spreadsheet",
        "manager",
        "desk/books",
        "GET /staff/books/file",
    ),
    "advisories": Verb(
        "deploy", "list known vulnerabilities of what the lock files name; exit 1 where there are any", "engineer"
    ),
}
"""Every command by its name.

The module of a command `drop-end` has a function `add_drop_end`, which adds its arguments and says what runs it.
"""


WHO = {
    "writer": "who writes what the shop shows",
    "manager": "who runs the shop",
    "host": "who sells in a livestream room",
    "packer": "who packs",
    "engineer": "who builds and operates it",
}
"""Whom the commands are for, in the order in which the help lists them."""
WIDTH = 12
"""Signs of the column of names in the help; the text beside it is broken at LINE."""
LINE = 100


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; `arguments` are the process's own unless they are given."""
    words = sys.argv[1:] if arguments is None else [*arguments]
    try:
        typed = read(words)
        sys.exit(typed.run(typed, Paths()))
    except KeyboardInterrupt:  # while its modules were loaded, or of a command that has nothing to put away
        sys.exit(STOPPED)
    except Refusal as refusal:
        note_error(f"cunbo: {refusal}")
        sys.exit(2)


def read(words: Sequence[str]) -> argparse.Namespace:
    """Return what was typed; print help and leave with 0, or say what is wrong with it and leave with 2."""
    name = words[0] if words else ""
    if not name or name in {"-h", "--help", "help"}:
        print(overview())
        sys.exit(0 if name else 2)
    if name not in COMMANDS:
        note_error(f"cunbo: there is no command {name}: {instead(name, COMMANDS)}")
        note_error("`cunbo --help` says what each command does.")
        sys.exit(2)
    return parser(name).parse_args(words[1:])


def parser(name: str) -> argparse.ArgumentParser:
    """Return the parser of one command: its usage stands above whatever is wrong with its arguments."""
    verb = COMMANDS[name]
    command = argparse.ArgumentParser(prog=f"cunbo {name}", description=f"{verb.does[:1].upper()}{verb.does[1:]}.")
    getattr(import_module(f"cunbo.commands.{verb.module}"), f"add_{name.replace('-', '_')}")(command)
    return command


def overview() -> str:
    """Return what each command does, by who needs it."""
    lines = [
        "usage: cunbo COMMAND ...",
        "",
        "Runs a village's shop. `cunbo COMMAND --help` says a command's arguments.",
    ]
    for who, named in WHO.items():
        lines += ["", f"For {named}:"]
        for name, verb in COMMANDS.items():
            if verb.who == who:
                lines += textwrap.wrap(
                    verb.does, LINE, initial_indent=f"  {name:<{WIDTH}}", subsequent_indent=" " * (WIDTH + 2)
                )
    return "\n".join(lines)
