"""Every key of the one table, and how instants, ends and records are written in its items. Pure, no calls.

One table, two indexes. What an item holds is told by `ITEMS` for each kind, as "partition key | sort key": a test
holds it to the items that the shop writes.

A shelf is a SKU's own, or a drop's (`<sku>@<drop>`). A batch is never written by an allocation, only its shards are.
The index `due` is sharded, since a hot index throttles the table itself; the indexes `lookup` and `mail_lookup` need no
sharding: their keys are as many as buyers. Items with a `ttl` are deleted by DynamoDB some time after that second;
nothing relies on it.
"""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from chalicelib.domain.aggregate import Account, Shard
from chalicelib.domain.stock.capacity import partition_of
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.waitlist import QueueEntry

Item = dict[str, Any]
"""An item, a key or a write, as botocore has it."""

ITEMS = {
    "order#<number> | order": """the whole order in `body`, at version `v`; `due_pk`, `due_at` while somebody must look
        again; `todo` while the stream has intents to do; `wants` while its payment can be booked unread, and then
        `paid`: the money, not yet in `body`; `lookup` finds it by its
        buyer's phone, `mail_lookup` by their mailbox; `pack_at` tells the packing board of it, and `pack_pk` is there
        while it stands on it, or while its parcels are on their way: then `pack_at` is when carriers are asked next""",
    "passport#<sku>#<ship-by> | passport": """a batch's passport: the digest `shown` of what its units were when the
        first were `packed`, the day on which it was `made`; `recall` while it is recalled, with the `caps` that its
        shelves declared; recalls that were `lifted`""",
    "passport#<sku>#<ship-by> | order#<number>": "an order that units of the batch were packed for, or are recalled of",
    "waybill#<carrier>#<tracking> | waybill": """a carrier's number: the `parcels` that bear it, whom they go to
        (`recipient`); `ttl`""",
    "search#<number> | search": "a search for a lost order, in `body`, at `v`; `due_pk`, `due_at`, `todo`; `ttl`",
    "stray#<number> | stray": """money that fits nowhere, in `body`, at version `v`; `due_pk`, `due_at`, `todo`;
        `pack_pk` and `pack_at` list it at the desk until it is somebody's""",
    "waiter#<number> | waiter": "a place on a waitlist, in `body`, at version `v`; `due_pk`, `due_at`, `todo`; `ttl`",
    "stock#<shelf>#0 | <ship-by>": """a batch: `cap` units declared, number of `shards`, `v`, `kept` units for those who
        wait, `offered` to them by standing invitations, and where the plan made it `planned` units for `days`; `told`:
        the `cap` of which the manager has heard that it is sold; `unmade` units that were said not to be made, so that
        buyers are asked""",
    "stock#<shelf>#<partition> | <ship-by>#<shard>": "`units` left of a shard's share `cap`; `v` counts changes",
    "stock#<sku>#0 | drop#<id>": "a drop of the SKU, in `body`",
    "stock#<sku>#0 | amendments": "what the desk has changed of what the catalogue says of it, in `body`",
    "stock#<sku>#0 | queue": "how many wait for it (`n`); `v` counts changes",
    "queue#<sku> | <joined>#<number>": "a place in the line: the whole entry in `body`",
    "bought#<scope>#<buyer> | bought": """units (`n`) that one buyer has of what is limited; `v` counts changes; `ttl`,
        some time after nobody can buy of it any more""",
    "unpaid#<tab> | unpaid": "slots `s0`, `s1`, … of a tab (domain/orders): '<held until> <order>'; `ttl`",
    "network#<network> | unpaid": """what one network holds unpaid on one day: units by shelf (`unpaid:<shelf>`), those
        that were paid (`paid:<shelf>`), the `orders` that are not known to be paid, how many came since they were
        looked at (`unseen`); `v`, `ttl`""",
    "asked#<by whom> | <hour>": """how often (`n`) something was asked for in an hour; of letters also by parts of them
        (jobs/letter_limits.py), of text messages their parts, also in a day (jobs/sms_limits.py); `ttl`""",
    "skus | <sku>": """a SKU of which there is stock to look after, also where the catalogue has it no more; `n`
        batches of it were declared, `drops` opened""",
    "rate#<sku> | rate": "orders a second (`n`) that are expected",
    "shown#<digest> | shown": "what was said of a product when it was sold, in `body`",
    "drop#<shelf> | drop": "a drop that is over and done with, in `body`",
    "questions#<sku> | <ship-by>": """the `orders` whose buyers are asked since too little of a batch is made, or since
        the day is too short (`*`); `ttl`""",
    "claims#open | <instant>#<number>#<claim>": "a claim that nobody has decided, listed before its order has it",
    "claims#ended | <instant>#<number>#<claim>": "a claim that was decided at that instant; `ttl`",
    "claims#<sku>#<ship-by> | <instant>#<number>#<claim>": "a claim about units of a batch; `ttl`",
    "done#<name> | done": "what was done once for a name, in `body`; `ttl`",
    "room#<id> | room": "a room as it is now, in `body`, at version `v`",
    "room#<id> | show#<show>": "a show of it, in `body`; kept as long as the log (`ttl`)",
    "log#<room> | <instant>#<what else>": "a line of a room's log, in `body`, kept for three years (`ttl`)",
    "staff | device#<digest>": """a device that may act, by the digest of its token, in `body`; gone once revoked, or by
        `ttl` where nobody uses it""",
    "staff | invite#<digest>": "an invitation, by the digest of its secret, in `body`; `ttl`",
    "figures#<scope> | figures": "figures of a scope (domain/live/figures.py), by name; `ttl`",
    "scans#<room>#<day>#<part> | scans": "scans of a room's code: `n` of the day, `<show>` of each show; `ttl`",
    "ledger#<day>#<part> | <entry>": """an entry of the ledger (domain/payments/ledger.py) in `body`, made of the
        version `v` of its order; `billed`: what the provider's statement says of it""",
    "needs | <kind>#<number>": "what needs a person (domain/desk/needs.py), in `body`; gone with its cause",
    "trail#<day> | <instant>#<act>": """an entry of the trail (domain/desk/trail.py), in `body`; with `#end` behind
        its id what came of it; never written again; `ttl`""",
    "trail-of#<kind>#<bucket> | <name>#<instant>#<act>": """that an entry is about an order (in the bucket of the last
        digits of its number), a SKU or a room; `ttl`""",
    "trail-seal | <day>": "the seal of a day of the trail, in `body`: a digest of its entries and of the seal before",
    "retention | retention": "how far retention has come, in `body` (storage/voices/retention.py)",
    "orders#<day>#<part> | <instant>#<number>": """what the desk's lists tell of an order that was placed on that day,
        in `body` (domain/desk/rows.py)""",
    "find#<term> | <what>#<number>": "an order that is found under a term (domain/desk/rows.py): the key is all of it",
    "voice#<number> | voice": """what somebody has said, in `body`, at version `v`; `times` that the same was sent;
        `ttl` once it was refused""",
    "unheard#<pile>#<part> | <instant>#<number>": "a voice of this kind (`pile`) that waits for the moderator",
    "unheard#<pile>#<part> | waiting": "how many voices (`n`) wait in this part of a pile",
    "spoken#<about> | <day>#<instant>#<number>": "a voice that is shown, in `body`, as everybody may know it",
    "spoken#<about> | sum": "how many voices (`n`) are shown of that, and how many by stars (`s1` to `s5`)",
    "judged#<month> | <instant>#<number>": "that a voice was shown or refused; `ttl`",
    "sender#<pseudonym> | <number>": "a story that whoever has this mailbox or phone has sent; refused: `ttl`",
    "signup#<number> | signup": "a wish for the newsletter, in `body`, at `v`; `due_pk`, `due_at`, `todo`; `ttl`",
    "mailing#<number> | mailing": "a letter to all readers, in `body`, at version `v`; `due_pk`, `due_at`, `todo`",
    "reader#<part> | <pseudonym>": """who gets the newsletter, by their mailbox's pseudonym, in `body`; `mailed`: the
        last letter to all that went to them""",
    "books#<day> | books": """a day's books in `body`; `changed` counts changes of its ledger, `seen` those that the
        books have taken in""",
    "books#<day> | promises": "what became of a day's promises (domain/desk/kept.py), in `body`",
    "books#<day> | findings": """what the reconciliation has found of a day, in `body`, and the `notes` of what was done
        about it""",
    "kept | <place>": "a record of the open books, as it is published, in `body`",
    "invoice#<number> | invoice": """an invoice for the order of this number, in `body`, at version `v`; `due_pk`,
        `due_at`, `todo`; `pack_pk` and `pack_at` list it at the desk; `ttl`, five years after it was issued""",
    "checkpoint | <shard>": """the last record (`seq`) of a shard of the stream that has been counted, and that shard's
        latest sales, in `body`; `ttl`""",
}
"""What each kind of item holds, by its keys."""
CHECKPOINTS, KEPT, NEEDS, RETENTION = "checkpoint", "kept", "needs", "retention"
SEALS, SKUS, STAFF = "trail-seal", "skus", "staff"
"""Partition keys that have no more parts."""

INDEXES = {
    "due": "`due_pk`, `due_at`: aggregates that somebody must look at, by their kind's partitions and the instant",
    "lookup": "`lookup`: orders by their buyer's phone",
    "mail_lookup": "`mail_lookup`: orders by their buyer's mailbox",
    "pack": """`pack_pk`, `pack_at`: orders of which something stands in the packing room, by their ship-by date; orders
        on their way, by when carriers are asked about them; and what stands on a list of the desk: invoices by what is
        to be done with them, money that fits nowhere""",
}
"""The table's indexes, and what they are keyed by."""


def aggregate_key(kind: str, number: str) -> Item:
    """Return the key of the aggregate of this kind and number."""
    return _key(f"{kind}#{number}", kind)


def order_key(number: str) -> Item:
    """Return an order's key."""
    return aggregate_key("order", number)


# ---- Stock ----


def batch_key(shelf: str, ship_by: date) -> Item:
    """Return a batch's key."""
    return _key(stock_partition(shelf, 0), ship_by.isoformat())


def shard_key(shard: Shard) -> Item:
    """Return a shard's key."""
    shelf, ship_by, index = shard
    return _key(stock_partition(shelf, partition_of(index)), f"{ship_by.isoformat()}#{index:03}")


def stock_partition(shelf: str, partition: int) -> str:
    """Return the partition key of a part of a shelf; part 0 has its batches, drops and queue, each some shards."""
    return f"stock#{shelf}#{partition}"


def shelf_name(item: Item) -> str:
    """Return the shelf of a stock item."""
    return str(item["pk"]["S"].split("#")[1])


def shard_in(item: Item) -> Shard | None:
    """Return which shard a stock item is; None for any other."""
    day, _, index = item["sk"]["S"].partition("#")
    return (shelf_name(item), date.fromisoformat(day), int(index)) if index.isdigit() and day[0].isdigit() else None


def drop_key(sku: str, drop: str) -> Item:
    """Return a drop's key, with the stock of its SKU."""
    return _key(stock_partition(sku, 0), f"drop#{drop}")


def amendments_key(sku: str) -> Item:
    """Return where it is kept what the desk has changed of a SKU: with its stock."""
    return _key(stock_partition(sku, 0), "amendments")


def archive_key(drop: Drop) -> Item:
    """Return where a drop is kept that is over and done with."""
    return _key(f"drop#{drop.shelf}", "drop")


def sku_key(sku: str) -> Item:
    """Return where it is kept that there is stock of a SKU."""
    return _key(SKUS, sku)


def rate_key(sku: str) -> Item:
    """Return where the expected rate of a SKU is kept."""
    return _key(f"rate#{sku}", "rate")


def done_key(name: str) -> Item:
    """Return where it is remembered that something was done once for this name."""
    return _key(f"done#{name}", "done")


def questions_key(sku: str, ship_by: date) -> Item:
    """Return where it is kept whose buyers are asked about a batch."""
    return _key(f"questions#{sku}", ship_by.isoformat())


def claim_partition(of: str) -> str:
    """Return the partition key of a list of claims: "open", "ended", or a batch's name."""
    return f"claims#{of}"


def claim_key(of: str, at: datetime, number: str, claim: str) -> Item:
    """Return the key of a claim on a list: it sorts by the instant."""
    return _key(claim_partition(of), f"{instant(at)}#{number}#{claim}")


def shown_key(digest: str) -> Item:
    """Return where is kept what was said of a product."""
    return _key(f"shown#{digest}", "shown")


# ---- Those who wait ----


def queue_key(sku: str) -> Item:
    """Return where is counted who waits for a SKU."""
    return _key(stock_partition(sku, 0), "queue")


def line_partition(sku: str) -> str:
    """Return the partition key of the line of those who wait for a SKU."""
    return f"queue#{sku}"


def entry_key(sku: str, entry: QueueEntry) -> Item:
    """Return the key of a place in the line of a SKU: it sorts by the instant of joining."""
    return _key(line_partition(sku), f"{instant(entry.joined)}#{entry.number}")


# ---- Limits ----


def account_key(account: Account) -> Item:
    """Return where is counted what one buyer has of a batch or drop."""
    scope, buyer = account
    return _key(f"bought#{scope}#{buyer}", "bought")


def tab_key(tab: str) -> Item:
    """Return where the slots of a tab for unpaid orders are."""
    return _key(f"unpaid#{tab}", "unpaid")


def network_key(network: str) -> Item:
    """Return where is counted what a network, by its name of the day, holds unpaid."""
    return _key(f"network#{network}", "unpaid")


def asked_key(who: str, now: datetime) -> Item:
    """Return where is counted how often `who` has asked in this hour."""
    return _key(f"asked#{who}", f"{now:%Y-%m-%dT%H}")


# ---- On air ----


def room_key(room: str) -> Item:
    """Return a room's key."""
    return _key(f"room#{room}", "room")


def show_key(room: str, show: str) -> Item:
    """Return a show's key, with its room."""
    return _key(f"room#{room}", f"show#{show}")


def log_partition(room: str) -> str:
    """Return the partition key of a room's log."""
    return f"log#{room}"


def log_key(room: str, at: datetime, name: str) -> Item:
    """Return the key of a line of a room's log: it sorts by the instant."""
    return _key(log_partition(room), f"{instant(at)}#{name}")


def figures_key(scope: str) -> Item:
    """Return where the figures of a scope are."""
    return _key(f"figures#{scope}", "figures")


def scans_key(room: str, day: date, part: int) -> Item:
    """Return where a part of the scans of a room's day is counted."""
    return _key(f"scans#{room}#{day}#{part}", "scans")


def ledger_partition(day: date, part: int) -> str:
    """Return the partition key of a part of the ledger's day."""
    return f"ledger#{day}#{part}"


def ledger_key(day: date, part: int, name: str) -> Item:
    """Return the key of the entry of this name."""
    return _key(ledger_partition(day, part), name)


def books_key(day: date) -> Item:
    """Return where a day's books are."""
    return _key(f"books#{day}", "books")


def promises_key(day: date) -> Item:
    """Return where it is kept what became of a day's promises."""
    return _key(f"books#{day}", "promises")


def findings_key(day: date) -> Item:
    """Return where it is kept what the reconciliation has found of a day."""
    return _key(f"books#{day}", "findings")


def kept_key(place: int) -> Item:
    """Return the key of a record of the open books, by its place in the chain."""
    return _key(KEPT, f"{place:06}")


def waybill_key(carrier: str, tracking: str) -> Item:
    """Return where it is kept which parcel bears a carrier's number."""
    return _key(f"waybill#{carrier}#{tracking}", "waybill")


def passport_key(sku: str, ship_by: date) -> Item:
    """Return where a batch's passport is."""
    return _key(f"passport#{sku}#{ship_by}", "passport")


def listed_key(sku: str, ship_by: date, number: str) -> Item:
    """Return where it is kept that an order has units of a batch."""
    return _key(f"passport#{sku}#{ship_by}", f"order#{number}")


# ---- Voices, and the newsletter ----


def voice_key(number: str) -> Item:
    """Return a voice's key."""
    return aggregate_key("voice", number)


def unheard_partition(pile: str, part: int) -> str:
    """Return the partition key of a part of the voices of a kind that wait."""
    return f"unheard#{pile}#{part}"


def unheard_key(pile: str, part: int, at: datetime, number: str) -> Item:
    """Return the key of a voice that waits: it sorts by the instant at which it was sent."""
    return _key(unheard_partition(pile, part), f"{instant(at)}#{number}")


def waiting_key(pile: str, part: int) -> Item:
    """Return where is counted how many wait in a part of a pile."""
    return _key(unheard_partition(pile, part), "waiting")


def spoken_partition(about: str) -> str:
    """Return the partition key of what is shown of a subject."""
    return f"spoken#{about}"


def spoken_key(about: str, day: date, at: datetime, number: str) -> Item:
    """Return the key of a voice that is shown: it sorts by its day, that of a batch or of its own."""
    return _key(spoken_partition(about), f"{day}#{instant(at)}#{number}")


def sum_key(about: str) -> Item:
    """Return where is counted what is shown of a subject; it sorts behind all of it."""
    return _key(spoken_partition(about), "sum")


def judged_partition(month: str) -> str:
    """Return the partition key of what was decided in a month, such as 2026-11."""
    return f"judged#{month}"


def judged_key(at: datetime, number: str) -> Item:
    """Return the key of a decision: it sorts by the instant."""
    return _key(judged_partition(f"{at:%Y-%m}"), f"{instant(at)}#{number}")


def sender_partition(sender: str) -> str:
    """Return the partition key of what somebody has sent, by the pseudonym of their mailbox or phone."""
    return f"sender#{sender}"


def sender_key(sender: str, number: str) -> Item:
    """Return the key of what somebody has sent."""
    return _key(sender_partition(sender), number)


def readers_partition(part: int) -> str:
    """Return the partition key of a part of those who get the newsletter."""
    return f"reader#{part}"


def reader_key(part: int, name: str) -> Item:
    """Return the key of somebody who gets the newsletter, by their mailbox's pseudonym."""
    return _key(readers_partition(part), name)


def checkpoint_key(shard: str) -> Item:
    """Return where it stands how far a shard of the stream has been counted."""
    return _key(CHECKPOINTS, shard)


def need_key(kind: str, about: str) -> Item:
    """Return the key of what needs a person, with all the others."""
    return _key(NEEDS, f"{kind}#{about}")


def retention_key() -> Item:
    """Return where it stands how far retention has come."""
    return _key(RETENTION, RETENTION)


# ---- What the desk finds ----


def rows_partition(day: date, part: int) -> str:
    """Return the partition key of a part of the rows of orders that were placed on a day."""
    return f"orders#{day}#{part}"


def row_key(day: date, part: int, placed: datetime, number: str) -> Item:
    """Return the key of an order's row: it sorts by the instant of placing."""
    return _key(rows_partition(day, part), f"{instant(placed)}#{number}")


def find_partition(term: str) -> str:
    """Return the partition key of what is found under a term."""
    return f"find#{term}"


def find_key(term: str, what: str, number: str) -> Item:
    """Return the key by which an order is found under a term; `what` is what it is found by there."""
    return _key(find_partition(term), f"{what}#{number}")


# ---- Who works here ----


def staff_key(kind: str, digest: str) -> Item:
    """Return the key of a "device" or an "invite", by the digest of its secret."""
    return _key(STAFF, f"{kind}#{digest}")


# ---- The trail ----


def trail_partition(day: date) -> str:
    """Return the partition key of the trail's day."""
    return f"trail#{day}"


def trail_key(day: date, place: str) -> Item:
    """Return the key of what stands at this place in the trail's day."""
    return _key(trail_partition(day), place)


def subject_partition(kind: str, bucket: str) -> str:
    """Return the partition key of where entries about something are listed."""
    return f"trail-of#{kind}#{bucket}"


def subject_key(kind: str, bucket: str, place: str) -> Item:
    """Return the key under which an entry is listed with what it is about."""
    return _key(subject_partition(kind, bucket), place)


def seal_key(day: date) -> Item:
    """Return the key of a day's seal."""
    return _key(SEALS, day.isoformat())


# ---- What stands in items ----


def instant(at: datetime) -> str:
    """Return an instant as keys and slots have it: in UTC, to the microsecond, so that it sorts."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def ttl(at: datetime) -> Item:
    """Return the second after which an item may be deleted: a day after it has lost its meaning."""
    return {"N": str(int(at.timestamp()) + 86_400)}


def body(record: msgspec.Struct) -> Item:
    """Return a whole record, as an attribute holds it."""
    return {"S": msgspec.json.encode(record).decode()}


def _key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
