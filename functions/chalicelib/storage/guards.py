"""Guards: writes of a transaction, each with the one condition that it stands on and what it means where that fails.

A failure either refuses the transaction, with a conflict that a use case reads (`Requirement`), or teaches it where
freed units go, so that its next try fits (`Assumption`). `PRECEDENCE` says which conflict is told where several
conditions fail. DynamoDB tells all conditions that failed, each with the item that was found where the write asks for
it (`ReturnValuesOnConditionCheckFailure`). Pure, no calls.
"""

from collections.abc import Sequence
from typing import Any, Self

import msgspec

from chalicelib.domain.aggregate import Account, Shard
from chalicelib.domain.conflicts import BatchRecalled, Conflict, Exists, Limited, NumberTaken, Short, Stale, Waited
from chalicelib.domain.limits.network import NetworkFull
from chalicelib.domain.limits.pending import SlotTaken
from chalicelib.storage.keys import Item
from chalicelib.storage.kinds import Kind
from chalicelib.storage.limits import held_in, units_on, use_in
from chalicelib.storage.stock.shards import units_in


class Learned:
    """What a transaction has learned of where units go, by trying.

    `waited` are SKUs that people turned out to wait for; `debts` what was found to be promised beyond the shares of
    shards, which what is freed pays first.
    """

    def __init__(self) -> None:
        self.waited: set[str] = set()
        self.debts: dict[Shard, int] = {}


# ---- Those whose failure refuses the transaction ----


class Requirement(msgspec.Struct, frozen=True):
    """A guard whose failure is a conflict; `item` is its write."""

    item: Item

    @classmethod
    def explain(cls, failed: Sequence[tuple[Self, Item]]) -> Conflict:
        """Return what the failed guards of this type mean, from the items that were found; at least one."""
        raise NotImplementedError


class NotThere(Requirement, frozen=True):
    """There is no aggregate of this kind and number yet."""

    kind: Kind[Any]

    @classmethod
    def explain(cls, failed: Sequence[tuple[Self, Item]]) -> Exists:
        """Tell the one that there is."""
        guard, found = failed[0]
        return Exists(guard.kind.read(found))


class AsRead(Requirement, frozen=True):
    """The aggregate of this number is at the version that was read."""

    number: str

    @classmethod
    def explain(cls, failed: Sequence[tuple[Self, Item]]) -> Stale:
        """Tell the first that is not."""
        return Stale(failed[0][0].number)


class WithinLimit(Requirement, frozen=True):
    """The account has room for the units."""

    account: Account

    @classmethod
    def explain(cls, failed: Sequence[tuple[Self, Item]]) -> Limited:
        """Tell what is on each account that is full."""
        return Limited({guard.account: units_on(found) for guard, found in failed})


class SlotFree(Requirement, frozen=True):
    """The slot of the tab is as it was seen."""

    tab: str

    @classmethod
    def explain(cls, failed: Sequence[tuple[Self, Item]]) -> SlotTaken:
        """Tell what stands in each tab."""
        return SlotTaken({guard.tab: held_in(found) for guard, found in failed})


class NumberFree(Requirement, frozen=True):
    """The carrier's number is on no parcel to anybody else."""

    @classmethod
    def explain(cls, failed: Sequence[tuple[Self, Item]]) -> NumberTaken:
        """Tell that it is."""
        return NumberTaken()


class NotRecalled(Requirement, frozen=True):
    """The batch is not recalled."""

    @classmethod
    def explain(cls, failed: Sequence[tuple[Self, Item]]) -> BatchRecalled:
        """Tell that it is."""
        return BatchRecalled()


class NetworkHasRoom(Requirement, frozen=True):
    """The viewer's network has room for more unpaid units."""

    @classmethod
    def explain(cls, failed: Sequence[tuple[Self, Item]]) -> NetworkFull:
        """Tell what is counted of it: an order has one network."""
        return NetworkFull(use_in(failed[0][1]))


class NobodyBefore(Requirement, frozen=True):
    """Nobody waits for the SKU that a walk-in is to have."""

    sku: str

    @classmethod
    def explain(cls, failed: Sequence[tuple[Self, Item]]) -> Waited:
        """Tell for which SKUs people wait."""
        return Waited(frozenset(guard.sku for guard, _ in failed))


class HasUnits(Requirement, frozen=True):
    """The shard has the units that are taken."""

    shard: Shard

    @classmethod
    def explain(cls, failed: Sequence[tuple[Self, Item]]) -> Short:
        """Tell what is left of each shard that has too few."""
        return Short({guard.shard: units_in(found) for guard, found in failed})


PRECEDENCE: tuple[type[Requirement], ...] = (
    NotThere,
    AsRead,
    WithinLimit,
    SlotFree,
    NetworkHasRoom,
    NotRecalled,
    NumberFree,
    NobodyBefore,
    HasUnits,
)
"""What is told first: an order that exists says more than one that has changed, that more than a limit, a limit more
than a slot, a slot more than a network's room, that, a recall and a carrier's number more than those who wait, and
these more than a shard."""


# ---- Those whose failure says where freed units go ----


class Assumption(msgspec.Struct, frozen=True):
    """A guard whose failure the transaction learns from; `item` is its write."""

    item: Item

    def teach(self, found: Item, learned: Learned) -> None:
        """Put to what is `learned` what the failure means."""
        raise NotImplementedError


class NobodyWaits(Assumption, frozen=True):
    """Nobody waits for the SKU, so what is freed goes back on sale."""

    sku: str

    def teach(self, found: Item, learned: Learned) -> None:
        """Learn that people do wait: what is freed is kept for them."""
        learned.waited.add(self.sku)


class SomebodyWaits(Assumption, frozen=True):
    """Somebody waits for the SKU, so what is freed is kept for them."""

    sku: str

    def teach(self, found: Item, learned: Learned) -> None:
        """Learn that they have all left: what is freed goes back on sale after all."""
        learned.waited.discard(self.sku)


class OwesAsMuch(Assumption, frozen=True):
    """The shard owes what it was seen to owe, so that the rest of what is freed of it can be kept."""

    shard: Shard

    def teach(self, found: Item, learned: Learned) -> None:
        """Learn what it owes instead: that is paid first."""
        learned.debts[self.shard] = max(-units_in(found), 0)


class Listed(Assumption, frozen=True):
    """The order stands in the list of its batch from now on."""

    def teach(self, found: Item, learned: Learned) -> None:
        """Learn nothing: it has no condition."""


class BatchThere(Assumption, frozen=True):
    """The batch is there, of which units are kept."""

    def teach(self, found: Item, learned: Learned) -> None:
        """Learn nothing: no batch is ever deleted, and so this does not fail while its shards are there."""


Guard = Requirement | Assumption


def explain(guards: Sequence[Guard], reasons: Sequence[Item], learned: Learned) -> None:
    """Raise what a cancelled transaction means, by `PRECEDENCE`; where nothing refuses it, learn from what failed.

    `reasons` are DynamoDB's, one for each guard.
    """
    failed = [
        (guard, reason.get("Item", {}))
        for guard, reason in zip(guards, reasons, strict=True)
        if reason["Code"] == "ConditionalCheckFailed"
    ]
    for kind in PRECEDENCE:
        if refused := [(guard, found) for guard, found in failed if isinstance(guard, kind)]:
            raise kind.explain(refused)
    for guard, found in failed:
        if isinstance(guard, Assumption):
            guard.teach(found, learned)
