"""`cunbo person`: what is kept of somebody is told, held for a dispute, and forgotten once it was typed out."""

import builtins
import re
from collections.abc import Callable, Iterator

import pytest
from cunbo.cli import main
from cunbo.commands import orders
from cunbo.operations.people import PeopleOperations
from moto import mock_aws

from tests.functions.helpers.people import Years, complain, speak
from tests.functions.helpers.world import World, day

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def years(monkeypatch: pytest.MonkeyPatch) -> Iterator[Years]:
    with mock_aws():
        world = World({day(2): 9})
        people = PeopleOperations(world.shop.catalog, world.store, world.keys, world.uploads)
        monkeypatch.setattr(orders, "_people", lambda paths, stage: people)
        yield Years(world)


@pytest.fixture
def run(years: Years, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def command(*words: str, typed: tuple[str, ...] = ()) -> tuple[int, str]:
        answers = iter(typed)
        monkeypatch.setattr(builtins, "input", lambda _: next(answers))
        with pytest.raises(SystemExit) as left:
            main(["person", *words])
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out + said.err

    return command


def test_an_operator_tells_what_is_kept_holds_it_and_forgets_once_that_is_typed_out(years: Years, run: Run) -> None:
    person = years.order("delivered")
    years.pay(person)
    years.send(person)
    complain(years, person)
    years.on(20)
    speak(years, person)
    years.flow()
    status, told = run(person.number)
    shown = {"claim", "reply", "review", "title", "tax number", "invoice's email"}
    assert (status, all(person.said[what] in told for what in shown)) == (0, True)
    email = person.needles[3]
    status, by_email = run("-", typed=(email,))
    assert (status, re.findall(r'"order": "(\d+)"', by_email)) == (0, [person.number])
    assert run("-", typed=("somebody",))[0] == 2

    assert run(person.number, "--hold", "法院调取") == (0, f"{person.number} is kept: 法院调取.\n")
    assert run("-", "--forget", typed=(email, "forget"))[1].endswith("0 orders are forgotten; a dispute holds 1.\n")
    assert years.load(person).email == email
    assert run(person.number, "--release") == (0, f"{person.number} is kept for no dispute.\n")
    assert run(person.number, "--forget", typed=("yes",))[0] == 2
    assert years.load(person).person.asked is None
    status, said = run(person.number, "--forget", typed=("forget",))
    assert (status, said.rpartition("}\n")[2]) == (0, "1 order is forgotten; a dispute holds 0.\n")
    left = years.raw() + "".join(years.world.uploads.keys("kept/"))
    gone = {"review", "review's photograph", "invoice's email"}
    assert {what for what, needle in person.said.items() if needle in left} == {*person.said} - gone
