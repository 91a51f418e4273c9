"""The command line, `cunbo COMMAND`: leaves with 0, with 1 where a command found something, with 2 where it refused.

A command's module is imported only when that command is asked for: boto3, aiohttp and MkDocs take a second or more to
load, and neither `cunbo --help` nor `cunbo check` needs them.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from cunbo.core.paths import Paths
from cunbo.core.progress import note_error
from cunbo.core.refusal import Refusal

COMMANDS = {
    "check": ("content", "say every fault of the content; exit 1 where there is one"),
    "new": ("content", "ask about a new product, story, video or village, and write its files"),
    "write": ("site", "show the site as it is being written, at PORT, without its functions"),
    "video": ("media", "make a clip ready for its page"),
    "build": ("site", "check the content and build the site into build/site"),
    "up": ("local", "run the whole stack on this machine, at PORT"),
    "bench": ("bench", "measure the surge, orders at the table, cold start, pages, build"),
    "verify": ("verify", "explore the models of promise, waitlist and money; exit 1 where one is broken"),
    "limits": ("limits", "say what a surge needs of AWS: shards, units, quotas, cost; a model"),
    "reset": ("local", "throw away the local stack's orders, stock and letters"),
    "batch": ("stock", "set how many units of a SKU can be made by a date, drops included"),
    "plan": ("stock", "make the batches that the production plan has and the stock lacks"),
    "expect": ("stock", "say how many orders a second a SKU must take, now and later"),
    "danger": ("stock", "list the promises that cannot be kept; exit 1 where there are any"),
    "short-day": (
        "stock",
        "say that some of a batch will not be made, and ask buyers; list what they answer",
    ),
    "audit": ("stock", "compare the stock with the orders; exit 1 where they differ"),
    "postpone": ("orders", "move an order to a later date, and tell its buyer"),
    "refund": ("orders", "cancel an order and give its money back, or some of it: by line, of postage, by amount"),
    "order": ("orders", "tell what is known of an order; with --json all of it, and what was said of its goods"),
    "person": ("orders", "tell what is kept of a person, forget them, or keep an order for a dispute"),
    "recall": (
        "stock",
        "recall a batch: stop its sale, its packing and its parcels, and write to its buyers; or a drill",
    ),
    "drop": ("drops", "move units into a drop: one room sells them between two instants, at their own price"),
    "drops": ("drops", "list the drops: when, how many, how many are promised"),
    "drop-end": ("drops", "end a drop now; what is left is on sale as before"),
    "waiting": ("waitlist", "list who waits for what is sold out, the first in line first"),
    "staff": ("staff", "invite the devices of hosts, managers and big screens; list, revoke"),
    "qr": ("media", "draw the codes of rooms or of a product: SVG, PNG, and a PDF to print and cut"),
    "jars": ("media", "draw the labels of a batch's jars: a page to print, each with the code of its passport"),
    "deploy": ("deploy", "bring a stage to AWS"),
    "rotate": ("deploy", "replace the secret that order numbers and links come from, while the shop goes on"),
    "pay": ("deploy", "prove providers' settings without money; list, give back or book money that fits nowhere"),
    "track": ("deploy", "prove the settings of carriers' services, by which parcels are followed"),
    "reconcile": ("orders", "compare the providers' statements of a day with the ledger; exit 1 where they differ"),
    "books": ("orders", "write the books of a day or a month as a spreadsheet"),
    "advisories": ("deploy", "list known vulnerabilities of what the lock files name; exit 1 where there are any"),
}
"""The module of cunbo.commands that runs each command, and what the command does.

The module of a command `drop-end` has a function `add_drop_end`, which adds its arguments and says what runs it.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; `arguments` are the process's own unless they are given."""
    words = sys.argv[1:] if arguments is None else arguments
    typed = parser(words[0] if words else "").parse_args(words)
    try:
        sys.exit(typed.run(typed, Paths()))
    except Refusal as refusal:
        note_error(f"cunbo: {refusal}")
        sys.exit(2)


def parser(asked: str = "") -> argparse.ArgumentParser:
    """Return a parser that knows every command by its name, and the arguments of the command that is `asked` for."""
    root = argparse.ArgumentParser(prog="cunbo", description="Runs a village's shop: content, stock, stack.")
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    for name, (module, does) in COMMANDS.items():
        command = commands.add_parser(name, help=does)
        if name == asked:
            add = getattr(import_module(f"cunbo.commands.{module}"), f"add_{name.replace('-', '_')}")
            add(command)
    return root
