"""The use cases that are cut off, each with what has happened before; `STORIES` has a line for each."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from chalicelib.catalog import Calendar, Period
from chalicelib.domain.commands import (
    AddUnits,
    BearNumber,
    OpenDrop,
    PackParcel,
)
from chalicelib.domain.waitlist import LASTS
from chalicelib.services.order_changes import cancel_by_seller, postpone

from tests.functions.helpers.crash_points import Side
from tests.functions.helpers.world import JAR, POT, World, day, make_key, text
from tests.functions.scenarios.crashes.acts import (
    ADDED,
    Act,
    ask,
    at_bench,
    batch,
    buy,
    by_village,
    cancel,
    confirm,
    consume_without_mail,
    drop,
    elsewhere,
    end,
    find,
    give_up,
    join,
    later,
    manager,
    on_air,
    pay,
    planned,
    short,
    surge,
    take,
    wave,
)


@dataclass(frozen=True)
class Story:
    """What has happened, and the use case that is cut off, with the number of its writes.

    `sweeps`: how often the minute's sweep comes by before it is judged, where asking again is not enough. `letters`:
    something is done elsewhere between two of its writes. `per_buyer` is the limit for each buyer.
    """

    writes: int
    act: Act
    before: tuple[Act, ...] = ()
    sweeps: int = 0
    letters: bool = False
    per_buyer: int = 0


ENDED = later(931)
EXPIRED = (ENDED, World.sweep)
ALL_JARS = (buy(1, jars=6), buy(2, jars=6))
CROWD = tuple(act for number in (1, 2, 3) for act in (buy(number, buyer=0, jars=1), pay(number)))
HELD = (buy(0, jars=2), buy(1, jars=10, mail=False))
SOLD = (*HELD, pay(0), pay(1))
INVITED = (*SOLD, join(0), join(1, 3), cancel, World.settle)
LAPSE = later(LASTS * 900)
DROPPED = (drop(), later(300), buy(dropped=2), World.settle)
PAUSE = Calendar(pauses=(Period(day(3), day(3), text("x")),))
BOUGHT = (buy(jars=2), pay())
PACK, HAND = at_bench("pack", PackParcel(1), make_key(), parcel=False), at_bench("hand_over", BearNumber("sf", "SF1"))
PACKED = (*BOUGHT, PACK)
STORIES = {
    "checkout": Story(1, buy(jars=1)),
    "checkout-over-shards": Story(1, buy(jars=8, pots=5)),
    "checkout-on-ended-holds": Story(1, buy(jars=8), (*ALL_JARS, ENDED)),
    "checkout-in-a-slot-of-a-paid-order": Story(2, buy(jars=1), CROWD),
    "pay": Story(1, pay(), (buy(jars=1, mail=False),)),
    "pay-with-letters": Story(2, pay(), (buy(jars=1),)),
    "pay-late": Story(2, pay(), (buy(jars=3), *EXPIRED)),
    "pay-late-on-ended-holds": Story(2, pay(), (buy(jars=3), *EXPIRED, *ALL_JARS, ENDED)),
    "pay-too-late": Story(2, pay(), (buy(jars=3), *EXPIRED, *ALL_JARS)),
    "pay-once-more": Story(2, pay(payment="second"), (buy(jars=3), pay())),
    "pay-once-more-without-letters": Story(2, pay(payment="second"), (buy(jars=3, mail=False), pay())),
    "cancel": Story(1, cancel, (buy(jars=2, pots=5),)),
    "cancel-paid": Story(1, cancel, (buy(jars=2, pots=5), pay())),
    "cancel-paid-without-letters": Story(1, cancel, (buy(jars=2, pots=5, mail=False), pay())),
    "withdraw": Story(1, by_village(cancel_by_seller), (buy(jars=2, pots=5),)),
    "withdraw-paid": Story(1, by_village(cancel_by_seller), (buy(jars=2, pots=5), pay())),
    "postpone": Story(1, by_village(postpone, day(5)), (buy(jars=2), pay())),
    "find": Story(2, find, (buy(jars=2),)),
    "sweep": Story(2, World.sweep, (buy(0, jars=1), buy(1, pots=5), World.settle, ENDED), letters=True),
    "sweep-of-what-got-stuck": Story(8, World.sweep, (buy(0, jars=1), buy(1, pots=5), ENDED), letters=True),
    "sweep-of-what-is-full": Story(2, World.sweep, (manager, buy(jars=6, pots=6), pay(), World.settle)),
    "consume": Story(5, World.settle, (buy(jars=1), pay(), cancel), letters=True),
    "consume-without-mail": Story(2, consume_without_mail, (buy(jars=1), pay(), cancel), letters=True),
    "batch": Story(3, batch(5, 3)),
    "batch-over-shards": Story(3, batch(5, 3, shards=3)),
    "raise": Story(2, batch(9)),
    "raise-over-shards": Story(4, batch(12, sku=POT), (buy(pots=5),)),
    "lower": Story(2, batch(3)),
    "lower-over-shards": Story(4, batch(2, sku=POT)),
    "lower-below-promises": Story(2, batch(1), (buy(jars=3),)),
    "lower-below-promises-over-shards": Story(4, batch(1, sku=POT), (buy(pots=3),)),
    "lower-to-nothing": Story(2, batch(0), (buy(jars=3),)),
    "raise-to-promises": Story(2, batch(5), (buy(jars=5), batch(1))),
    "raise-above-promises": Story(3, batch(9), (buy(jars=5), batch(1))),
    "expect": Story(4, surge, (batch(240, 7),)),
    "plan": Story(12, planned(Calendar())),
    "plan-anew": Story(8, planned(PAUSE), (planned(Calendar()),)),
    "join": Story(1, ask(), SOLD),
    "join-once-more": Story(1, ask(0, 3), (*SOLD, ask(), World.settle)),
    "join-again": Story(1, ask(), (*SOLD, join(), World.settle)),
    "join-anew": Story(1, ask(0, 3), (*SOLD, join(), join(1), give_up, later(1))),
    "confirm": Story(1, confirm(), (*SOLD, ask())),
    "confirm-when-units-are-back": Story(2, confirm(), (*SOLD, ask(), cancel), sweeps=1),
    "cancel-while-one-waits": Story(3, cancel, (*SOLD, join()), sweeps=1),
    "cancel-while-many-wait": Story(4, cancel, (*SOLD, join(0, 1), join(1, 3, fewer=True)), sweeps=1),
    "cancel-what-fits-nobody": Story(3, cancel, (*SOLD, join(0, 3)), sweeps=1),
    "cancel-what-is-below-promises": Story(7, cancel, (*SOLD, join(), batch(5)), sweeps=1),
    "withdraw-while-one-waits": Story(2, by_village(cancel_by_seller), (*SOLD, join()), sweeps=1),
    "postpone-while-one-waits": Story(2, by_village(postpone, day(7)), (*SOLD, batch(2, 7), join(0, 3)), sweeps=1),
    "sweep-while-people-wait": Story(7, World.sweep, (*HELD, join(), join(1, 5), World.settle, ENDED), sweeps=1),
    "sweep-of-an-invitation": Story(4, World.sweep, (*INVITED, LAPSE), sweeps=1),
    "sweep-of-letters-to-waiters": Story(6, World.sweep, (*SOLD, join(), World.settle, cancel, ENDED), letters=True),
    "consume-letters-to-waiters": Story(3, World.settle, (*SOLD, World.settle, ask()), letters=True),
    "give-up-waiting": Story(1, give_up, (*SOLD, join())),
    "give-up-an-invitation": Story(3, give_up, INVITED, sweeps=1),
    "take": Story(1, take(2), INVITED),
    "take-fewer": Story(3, take(1), INVITED, sweeps=1),
    "take-what-nobody-else-waits-for": Story(1, take(1), (*SOLD, join(), cancel)),
    "raise-while-people-wait": Story(2, batch(9), (*SOLD, join(), join(1)), sweeps=1),
    "lower-while-people-wait": Story(2, batch(7), (*SOLD, join(), batch(9)), sweeps=1),
    "lower-below-promises-while-people-wait": Story(3, batch(5), (*SOLD, join(), batch(9)), sweeps=1),
    "batch-while-people-wait": Story(4, batch(5, 3), (*SOLD, join()), sweeps=1),
    "batch-over-shards-while-people-wait": Story(6, batch(5, 3, shards=3), (*SOLD, join(), join(1)), sweeps=1),
    "sweep-of-what-is-kept": Story(3, World.sweep, (*SOLD, World.settle, join(), join(1), batch(9)), sweeps=1),
    "sweep-of-what-fits-nobody": Story(2, World.sweep, (*SOLD, World.settle, join(0, 5), batch(9)), sweeps=1),
    "drop": Story(3, drop(), (buy(jars=1),), sweeps=2),
    "drop-over-shards": Story(2, drop(5, POT, rate=60, limit=1), sweeps=2),
    "end-of-a-drop": Story(5, end, (drop(), buy(dropped=2))),
    "end-of-a-drop-while-one-waits": Story(5, end, (drop(12), join()), sweeps=2),
    "sweep-of-a-drop": Story(5, World.sweep, (*DROPPED, later(1200)), sweeps=2),
    "sweep-of-a-drop-with-holds": Story(5, World.sweep, (*DROPPED, later(1600)), sweeps=2),
    "sweep-of-an-empty-drop": Story(1, World.sweep, (drop(), later(1200), World.sweep), sweeps=2),
    "checkout-in-a-drop": Story(1, buy(dropped=2), (drop(limit=2),)),
    "checkout-within-a-limit": Story(1, buy(jars=2), per_buyer=2),
    "checkout-in-the-next-batch-for-a-limit": Story(3, buy(1, buyer=0, jars=2), (buy(jars=3),), per_buyer=4),
    "cancel-within-a-limit": Story(1, cancel, (buy(jars=2),), per_buyer=2),
    "pay-late-within-a-limit": Story(2, pay(), (buy(jars=3), *EXPIRED), per_buyer=3),
    "pay-late-beyond-a-limit": Story(3, pay(), (buy(jars=3), *EXPIRED, buy(1, buyer=0, jars=3)), per_buyer=3),
    "host-pins": Story(1, on_air("pin", JAR)),
    "host-opens-a-drop": Story(3, on_air("open_drop", OpenDrop(JAR, 4, 1990, 5), make_key())),
    "host-adds-units": Story(3, on_air("add_units", AddUnits(JAR, 2), make_key()), (planned(Calendar()),)),
    "host-takes-units-back": Story(
        2, on_air("take_back_units", ADDED, make_key()), (planned(Calendar()), on_air("add_units", ADDED, make_key()))
    ),
    "wave": Story(2, wave, (*BOUGHT, buy(1, pots=2), pay(1))),
    "pack": Story(1, PACK, BOUGHT),
    "unpack": Story(1, at_bench("unpack"), PACKED),
    "hand-over": Story(1, HAND, PACKED),
    "number": Story(1, at_bench("set_number", BearNumber("sf", "SF1")), PACKED),
    "number-of-what-has-left": Story(1, at_bench("set_number", BearNumber("sf", "SF2")), (*PACKED, HAND)),
    "take-back": Story(1, at_bench("take_back"), (*PACKED, HAND)),
    "came-back": Story(1, at_bench("came_back"), (*PACKED, HAND)),
    "send-again": Story(1, at_bench("send_again"), (*PACKED, HAND, at_bench("came_back"))),
    "withdraw-packed": Story(1, by_village(cancel_by_seller), PACKED),
    "short": Story(1, short(1), BOUGHT),
    "short-of-all": Story(1, short(2), BOUGHT),
    "short-of-what-is-packed": Story(1, short(1), PACKED),
    "short-within-a-limit": Story(1, short(1), BOUGHT, per_buyer=3),
    "elsewhere": Story(1, elsewhere, (*BOUGHT, PACK, at_bench("unpack"))),
    "take-within-a-limit": Story(1, take(2), INVITED, per_buyer=10),
}  # fmt: skip


def points(story: Story) -> Iterator[tuple[int, Side]]:
    """Before each write, and after the last: what lies between two writes is one point, unless letters go out there."""
    for write in range(1, story.writes + 1):
        yield write, "before"
        if write == story.writes or story.letters:
            yield write, "after"


POINTS = [
    pytest.param(name, write, side, id=f"{name}-{write}-{side}")
    for name, story in STORIES.items()
    for write, side in points(story)
]
