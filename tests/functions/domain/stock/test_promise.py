"""What may be promised: tables for the rules, Hypothesis for what must hold of any batches."""

import pytest
from chalicelib.domain.stock.promise import Batch, Part, TooFew, promise
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.world import day

batches = st.lists(
    st.builds(
        Batch,
        ship_by=st.integers(0, 20).map(day),
        shards=st.lists(st.integers(-3, 30), min_size=1, max_size=4).map(tuple),
    ),
    max_size=5,
    unique_by=lambda batch: batch.ship_by,
)


def one(number: int, left: int) -> Batch:
    return Batch(day(number), (left,))


@pytest.mark.parametrize(
    ("quantity", "stock", "parts"),
    [
        pytest.param(2, [one(1, 5)], [(1, 2)], id="one batch carries it"),
        pytest.param(5, [one(1, 5)], [(1, 5)], id="the last unit counts"),
        pytest.param(2, [one(3, 9), one(1, 9)], [(1, 2)], id="the earliest batch first, however they are listed"),
        pytest.param(3, [one(1, 2), one(2, 9)], [(2, 3)], id="one later batch rather than a split"),
        pytest.param(3, [one(1, 2), one(2, 2)], [(1, 2), (2, 1)], id="split where no batch carries it whole"),
        pytest.param(3, [one(1, 0), one(2, 3)], [(2, 3)], id="an empty batch is passed over"),
        pytest.param(3, [one(1, -4), one(2, 3)], [(2, 3)], id="a batch lowered under its promises sells nothing"),
    ],
)
def test_a_line_is_promised_from(quantity: int, stock: list[Batch], parts: list[tuple[int, int]]) -> None:
    found = promise(quantity, stock)
    assert [(part.ship_by, part.quantity) for part in found] == [(day(number), units) for number, units in parts]


@pytest.mark.parametrize(("stock", "left"), [([], 0), ([one(1, 2), one(2, 1)], 3), ([one(1, -2), one(2, 1)], 1)])
def test_too_few_units_say_how_many_there_are(stock: list[Batch], left: int) -> None:
    with pytest.raises(TooFew) as few:
        promise(4, stock)
    assert few.value.left == left


def test_a_shard_that_has_enough_is_taken_alone_and_the_turn_chooses_which() -> None:
    batch = Batch(day(1), (5, 5, 5))
    assert {promise(2, [batch], turn)[0].shard for turn in range(3)} == {0, 1, 2}


def test_the_last_units_are_gathered_from_several_shards() -> None:
    assert promise(4, [Batch(day(1), (1, 2, 1))]) == (Part(day(1), 1, 2), Part(day(1), 0, 1), Part(day(1), 2, 1))


@given(quantity=st.integers(1, 60), stock=batches, turn=st.integers(0, 99))
def test_a_promise_takes_what_is_asked_and_never_more_than_is_there(
    quantity: int, stock: list[Batch], turn: int
) -> None:
    left = {(batch.ship_by, shard): units for batch in stock for shard, units in enumerate(batch.shards)}
    try:
        parts = promise(quantity, stock, turn)
    except TooFew as few:
        assert few.left == sum(batch.left for batch in stock) < quantity
        return
    assert sum(part.quantity for part in parts) == quantity
    assert len({(part.ship_by, part.shard) for part in parts}) == len(parts), "a transaction may name an item once"
    assert all(0 < part.quantity <= left[part.ship_by, part.shard] for part in parts)


@given(quantity=st.integers(1, 60), stock=batches)
def test_no_earlier_date_could_have_been_promised_by_one_batch(quantity: int, stock: list[Batch]) -> None:
    able = [batch.ship_by for batch in stock if batch.left >= quantity]
    if able:
        assert {part.ship_by for part in promise(quantity, stock)} == {min(able)}
