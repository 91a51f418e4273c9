"""The manager hears once of each batch that has sold out or closed, whatever gets in the way."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import msgspec
import pytest
from chalicelib.catalog import Calendar
from chalicelib.domain.stock.capacity import Declared, Share
from chalicelib.domain.stock.drops import Drop
from chalicelib.jobs.full_days import FullDay, facts, news
from chalicelib.mail import Undeliverable
from chalicelib.mail.letters import Envelope, message, tame
from chalicelib.services.drops import open_drop
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.crash_points import CrashPoints, Died, Side
from tests.functions.helpers.world import JAR, NOON, POT, World, day, letter_in, make_catalog, text

MakeWorld = Callable[..., World]
MANAGER = "manager@example.com"
AT_FOUR = Calendar(last_orders="16:00")
HOURS = 3600
"""Seconds. A world begins at noon."""


def managed(world: World) -> World:
    """The world with a manager who can be written to."""
    world.settings = msgspec.structs.replace(world.settings, manager_mail=MANAGER)
    world.shop = world.process(world.shop.catalog)
    return world


def words(letter: EmailMessage, form: str = "plain") -> str:
    part = letter.get_body((form,))
    assert part is not None
    return str(part.get_content())


def batch(cap: int, promised: int, number: int = 2, told: int | None = None) -> Declared:
    """A batch of one shard that is settled: what is promised beyond what it has, its shard has not."""
    share = Share(cap, cap - promised) if promised <= cap else Share(0, -promised)
    return Declared(day(number), cap, 1, 1, {0: share}, told=told)


def said(seen: Mapping[str, Declared], now: datetime = NOON, complete: bool = True) -> list[tuple[str, list[str]]]:
    """What is new of a day: its state, and the SKUs."""
    days = news({sku: [one] for sku, one in seen.items()}, now, AT_FOUR, complete)
    return [(one.state, [sku for sku, _ in one.batches]) for one in days]


@pytest.mark.parametrize(
    ("batches", "expected"),
    [
        pytest.param({JAR: batch(5, 4)}, [], id="a unit is left"),
        pytest.param({JAR: batch(5, 5)}, [("full", [JAR])], id="all is promised"),
        pytest.param({JAR: batch(5, 8)}, [("full", [JAR])], id="more is promised than can be made"),
        pytest.param({JAR: batch(0, 0)}, [], id="nothing was to be made"),
        pytest.param({JAR: batch(0, 3)}, [], id="nothing is made any more: whoever said so knows"),
        pytest.param({JAR: batch(5, 5, told=5)}, [], id="it was told"),
        pytest.param({JAR: batch(9, 9, told=5)}, [("full", [JAR])], id="it was told when it was smaller"),
        pytest.param({JAR: batch(5, 5), POT: batch(5, 4)}, [("some", [JAR])], id="another is on sale that day"),
        pytest.param({JAR: batch(5, 5), POT: batch(5, 5, told=5)}, [("full", [JAR])], id="the last one of a day"),
        pytest.param({JAR: batch(5, 5), POT: batch(0, 0)}, [("full", [JAR])], id="of the other nothing is made"),
        pytest.param({JAR: batch(5, 5), POT: batch(5, 0, 3)}, [("full", [JAR])], id="another day is on sale"),
        pytest.param(
            {JAR: batch(5, 5), POT: batch(5, 5, 3)}, [("full", [JAR]), ("full", [POT])], id="two days, in their order"
        ),
    ],
)
def test_what_is_news_before_last_orders(batches: Mapping[str, Declared], expected: object) -> None:
    assert said(batches) == expected


@pytest.mark.parametrize(
    ("batches", "expected"),
    [
        pytest.param({JAR: batch(5, 4, 0)}, [("closed", [JAR])], id="it has orders"),
        pytest.param({JAR: batch(5, 0, 0)}, [], id="nobody wanted it"),
        pytest.param({JAR: batch(5, 4, 0, told=5)}, [], id="it was told when it was full"),
        pytest.param({JAR: batch(5, 5, 0)}, [("full", [JAR])], id="it has filled since the last look"),
        pytest.param(
            {JAR: batch(5, 5, 0), POT: batch(5, 1, 0)}, [("closed", [JAR, POT])], id="one is full, one is not"
        ),
        pytest.param({JAR: batch(0, 3, 0)}, [("closed", [JAR])], id="orders for what is not made any more"),
        pytest.param({JAR: batch(5, 4, 1)}, [], id="it ships tomorrow"),
        pytest.param({JAR: batch(5, 5, -1)}, [], id="its day has passed"),
    ],
)
def test_what_is_news_after_last_orders(batches: Mapping[str, Declared], expected: object) -> None:
    assert said(batches, datetime(2026, 11, 24, 8, tzinfo=UTC)) == expected


def test_a_day_is_not_called_full_where_a_sku_could_not_be_seen() -> None:
    assert said({JAR: batch(5, 5)}, complete=False) == [("some", [JAR])]


declared = st.builds(batch, st.integers(0, 4), st.integers(0, 6), st.integers(-1, 2), st.none() | st.integers(0, 4))


@given(batches=st.dictionaries(st.sampled_from([JAR, POT, "x"]), declared), hour=st.integers(0, 23))
def test_what_was_told_is_no_news_and_what_was_not_is_told_with_the_rest(
    batches: Mapping[str, Declared], hour: int
) -> None:
    now = NOON.replace(hour=hour)
    told = {sku: msgspec.structs.replace(one, told=one.cap) for sku, one in batches.items()}
    assert said(told, now) == []
    untold = {sku: msgspec.structs.replace(one, told=None) for sku, one in batches.items()}
    before, after = ({sku for _, skus in said(some, now) for sku in skus} for some in (untold, batches))
    assert after == {sku for sku in before if batches[sku].told != batches[sku].cap}


def test_the_manager_gets_one_letter_of_all_that_has_become_full(make_world: MakeWorld) -> None:
    world = managed(make_world({day(2): 3, day(3): 5}))
    world.stock(2, day(2), POT)
    world.place(0, quantity=3)
    world.place(1, sku=POT, quantity=2)
    world.sweep()
    [letter] = world.mails
    assert (letter["To"], letter["Subject"]) == (MANAGER, "订满了：11 月 26 日")
    assert "11 月 26 日全部订满了：\n" in words(letter)
    assert f"（{JAR}）：共 3 件，已订 3 件\n" in words(letter)
    assert f"（{POT}）：共 2 件，已订 2 件\n" in words(letter)
    world.sweep()
    assert len(world.mails) == 1


def test_the_letter_that_completes_a_day_says_so(make_world: MakeWorld) -> None:
    world = managed(make_world({day(2): 3}))
    world.stock(2, day(2), POT)
    world.place(0, quantity=3)
    world.sweep()
    world.place(1, sku=POT, quantity=2)
    world.sweep()
    assert [letter["Subject"].partition("：")[0] for letter in world.mails] == ["有货停售了", "订满了"]
    assert JAR not in words(world.mails[1])


def test_a_day_is_not_called_full_while_a_drop_still_sells_of_it(make_world: MakeWorld) -> None:
    world = managed(make_world({day(2): 3}, prices={JAR: 2990}))
    drop = Drop("evening", JAR, "cabbage-1", 1990, 1, world.now, world.now + timedelta(hours=1))
    open_drop(world.shop.catalog, world.store, world.now, drop, 1)
    world.place(quantity=2)
    world.sweep()
    world.place(1, lines=[{"sku": JAR, "quantity": 1, "drop": "evening"}], room="cabbage-1")
    world.sweep()
    assert [mail["Subject"] for mail in world.mails] == [
        "有货停售了：11 月 26 日",
        "订满了：11 月 26 日",
    ]
    assert f"{JAR}@evening" in words(world.mails[1])


def test_a_batch_that_a_cancel_frees_and_that_fills_again_is_no_news(make_world: MakeWorld) -> None:
    world = managed(make_world({day(2): 3}))
    order = world.place(quantity=3)
    world.sweep()
    world.shop.cancel(order["order"], order["token"])
    world.sweep()
    world.later(2)
    world.place(1, quantity=3)
    world.sweep()
    assert len(world.mails) == 1


def test_a_batch_that_is_made_larger_and_fills_again_is_news(make_world: MakeWorld) -> None:
    world = managed(make_world({day(2): 3}))
    world.place(quantity=3)
    world.sweep()
    world.stock(5, day(2))
    world.sweep()
    assert len(world.mails) == 1
    world.later(2)
    world.place(1, quantity=2)
    world.sweep()
    assert "共 5 件，已订 5 件" in words(world.mails[1])


def test_a_batch_over_many_shards_is_full_when_its_last_unit_is_promised(make_world: MakeWorld) -> None:
    world = managed(make_world())
    world.stock(6, day(2), shards=3)
    world.place(quantity=5)
    world.sweep()
    assert world.mails == []
    world.place(1)
    world.sweep()
    assert len(world.mails) == 1


def test_last_orders_are_told_once_with_what_has_come_in(make_world: MakeWorld) -> None:
    world = managed(make_world({day(0): 5, day(1): 5}, calendar=AT_FOUR))
    order = world.place(quantity=2)
    world.pay(order)
    world.later(4 * HOURS - 1)
    world.sweep()
    assert world.mails == []
    for _ in range(3):
        world.later(60)
        world.sweep()
    [letter] = world.mails
    assert letter["Subject"] == "截单了：11 月 24 日"
    assert "共 5 件，已订 2 件" in words(letter)


def test_without_last_orders_a_day_ends_without_a_word(make_world: MakeWorld) -> None:
    world = managed(make_world({day(0): 5}))
    world.pay(world.place(quantity=2))
    for hours in (11, 1, 1):
        world.later(hours * HOURS)
        world.sweep()
    assert world.mails == []


def test_a_letter_that_the_mail_server_refused_goes_out_with_the_next_sweep(make_world: MakeWorld) -> None:
    world = managed(make_world({day(2): 3}))
    world.place(quantity=3)

    def refuse(message: EmailMessage) -> None:
        raise OSError("mail server away")

    world.sweeper(refuse).run()
    assert world.mails == []
    world.sweep()
    assert [letter_in(letter) for letter in world.mails] == [(str(day(2)), "full")]


@pytest.mark.parametrize(("side", "letters"), [("before", 2), ("after", 1)])
def test_a_sweep_that_is_cut_off_at_its_mark_repeats_the_letter_rather_than_losing_it(
    make_world: MakeWorld, side: Side, letters: int
) -> None:
    world = managed(make_world({day(2): 3}))
    world.place(quantity=3)
    with pytest.raises(Died), CrashPoints(world.client).at((1, side)):
        world.sweep()
    world.sweep()
    world.sweep()
    assert [(mail["Subject"], words(mail)) for mail in world.mails] == [
        (world.mails[0]["Subject"], words(world.mails[0]))
    ] * letters


def test_a_batch_that_grows_while_the_letter_is_sent_is_told_of_when_it_is_full_again(make_world: MakeWorld) -> None:
    world = managed(make_world({day(2): 3}))
    world.place(quantity=3)

    def grow(message: EmailMessage) -> None:
        world.mails.append(message)
        world.stock(4, day(2))

    world.sweeper(grow).run()
    [grown] = world.store.stock.declared(JAR, day(2))
    assert grown.told is None
    world.later(2)
    world.place(1)
    world.sweep()
    assert len(world.mails) == 2


def test_a_full_batch_costs_one_write_and_a_sweep_with_no_news_none(make_world: MakeWorld) -> None:
    world = managed(make_world({day(2): 3}))
    world.place(quantity=3)
    for writes in (1, 0):
        world.calls.clear()
        world.sweep()
        assert [call for call in world.calls if call != "Query"] == ["UpdateItem"] * writes


@pytest.mark.parametrize("why", ["no manager", "no mailer", "nobody has that address"])
def test_where_the_manager_cannot_be_written_to_the_log_says_once_what_is_full(
    make_world: MakeWorld, caplog: pytest.LogCaptureFixture, why: str
) -> None:
    world = make_world({day(2): 3})
    world.place(quantity=3)

    def nobody(message: EmailMessage) -> None:
        raise Undeliverable

    sweeper = world.sweeper()
    if why != "no manager":
        if why == "no mailer":
            world.settings = msgspec.structs.replace(world.settings, mail_from="")
        managed(world)
        sweeper = world.shop.workers(None).sweep if why == "no mailer" else world.sweeper(nobody)
    with caplog.at_level(logging.INFO, "cunbo"):
        for _ in range(2):
            sweeper.run()
    assert world.mails == []
    assert [record.message for record in caplog.records if JAR in record.message] == [f"{day(2)}: full: {JAR}"]
    assert sum("the manager is not told" in record.message for record in caplog.records) == 1


def test_while_the_way_to_send_mail_is_only_missing_what_is_full_waits_to_be_told(make_world: MakeWorld) -> None:
    world = managed(make_world({day(2): 3}))
    world.place(quantity=3)
    world.shop.workers(None).sweep.run()
    world.sweep()
    assert len(world.mails) == 1


def test_a_sku_that_cannot_be_settled_keeps_no_other_from_being_told(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = managed(make_world({day(2): 3}))
    world.place(quantity=3)
    settle = world.store.stock.settle

    def refuse(sku: str, *when: object) -> list[Declared]:
        if sku == POT:
            raise OSError
        return settle(sku, *when)  # type: ignore[arg-type]

    monkeypatch.setattr(world.store.stock, "settle", refuse)
    world.sweep()
    assert [letter["Subject"].partition("：")[0] for letter in world.mails] == ["有货停售了"]


NEWS = (
    FullDay(day(2), "full", ((JAR, batch(5, 5)), (POT, batch(2, 2)))),
    FullDay(day(3), "closed", ((JAR, batch(5, 3)),)),
    FullDay(day(4), "some", ((JAR, batch(5, 7)),)),
)
HEADINGS = {
    "zh": ["11 月 26 日全部订满了：", "11 月 27 日已经截单：", "11 月 28 日："],
    "en": ["26 November is full:", "27 November: past the cut-off:", "28 November:"],
}
SUBJECTS = {
    "zh": ["订满了：11 月 26 日", "截单了：11 月 27 日", "有货停售了：11 月 28 日"],
    "en": ["Full: 26 November", "Past the cut-off: 27 November", "No longer on sale: 28 November"],
}
ALL_DAYS = {"zh": "有货停售了：11 月 26 日等 3 天", "en": "No longer on sale: 26 November and 2 more"}


def make_letter(lang: str, *days: FullDay, name: str = "Shop") -> EmailMessage:
    catalog = make_catalog()
    catalog = msgspec.structs.replace(catalog, shop=msgspec.structs.replace(catalog.shop, name=text(name)))
    known = facts(days, lang, catalog, NOON)
    return message("full", lang, known, catalog, Envelope(MANAGER, "x", "shop@example.com", NOON))


@pytest.mark.parametrize("lang", HEADINGS)
def test_the_letter_tells_each_day_and_nothing_of_an_order(lang: str) -> None:
    letter = make_letter(lang, *NEWS)
    assert letter["Subject"] == ALL_DAYS[lang]
    for form in ("plain", "html"):
        body = words(letter, form)
        assert [heading for heading in HEADINGS[lang] if heading not in body] == []
        assert (body.count(JAR), body.count(POT)) == (6, 2), "in the goods' names too, as the sample has it"
        assert "href" not in body and "{" not in body
    lines = [line for line in words(letter).splitlines() if JAR in line]
    numbers = ("共 5 件，已订 7 件", "7 of 5 ordered")
    assert lines[-1].endswith(numbers[lang == "en"])


@pytest.mark.parametrize("lang", SUBJECTS)
def test_the_subject_says_what_holds_of_the_day(lang: str) -> None:
    assert [make_letter(lang, one)["Subject"] for one in NEWS] == SUBJECTS[lang]


@pytest.mark.parametrize("lang", SUBJECTS)
def test_no_name_of_the_shop_makes_the_letter_say_something_else(lang: str) -> None:
    nasty = "<b>x</b>\r\nBcc: everybody@example.com"
    good, letter = make_letter(lang, *NEWS), make_letter(lang, *NEWS, name=nasty)
    assert [*letter.keys()] == [*good.keys()]
    assert tame(nasty) in words(letter)
    assert "<b>" not in words(letter, "html")
