"""`cunbo rotate`: in which order it does what, and that it goes on where it was cut off."""

from typing import Any

import msgspec
import pytest
from chalicelib.domain.keys import Keys
from cunbo.core.refusal import Refusal
from cunbo.deploy.rotation import LAST_CALLS, rotate

OLD = "o" * 40


class CutOff(Exception):
    """What a test ends a command with."""


class Stage:
    """A stage's secret and processes; those that a restart starts know what the secret holds then."""

    def __init__(self, last: int = 1000) -> None:
        self.text = msgspec.json.encode(Keys(OLD)).decode()
        self.running = [self.keys]
        self.steps, self.last = 0, last

    @property
    def keys(self) -> Keys:
        return msgspec.json.decode(self.text, type=Keys)

    def step(self) -> None:
        """One more; each process that runs must know what any other makes numbers from."""
        self.steps += 1
        for one in self.running:
            for other in self.running:
                made = one.tickets("a-key-of-sixteen")[0].number
                assert made in {ticket.number for ticket in other.tickets("a-key-of-sixteen")}
        if self.steps > self.last:
            raise CutOff

    # As a Cloud, a client of Secrets Manager, a Stack

    def client(self, service: str) -> "Stage":
        assert service == "secretsmanager"
        return self

    def get_secret_value(self, **asked: str) -> dict[str, str]:
        return {"SecretString": self.text}

    def put_secret_value(self, **asked: str) -> None:
        self.text = asked["SecretString"]
        self.running.append(self.keys)  # a surge starts processes at any time
        self.step()

    def outputs(self) -> dict[str, str]:
        return {"SecretId": "its-secret"}

    def restart(self) -> None:
        self.running.append(self.keys)
        self.step()

    def sleep(self, seconds: float) -> None:
        assert seconds == LAST_CALLS
        self.running = [self.keys]  # the calls that old processes were at have ended
        self.step()


def run(stage: Any) -> None:
    rotate(stage, stage, stage.sleep)


def test_at_no_moment_a_process_makes_orders_that_another_cannot_see() -> None:
    stage = Stage()
    run(stage)
    assert (stage.keys.old, stage.keys.next, stage.keys.current == OLD) == ((OLD,), None, False)
    run(stage)
    assert stage.keys.old[1:] == (OLD,)


@pytest.mark.parametrize("last", range(5))
def test_a_rotation_that_was_cut_off_is_ended_by_running_it_again(last: int) -> None:
    stage = Stage(last)
    with pytest.raises(CutOff):
        run(stage)
    left = stage.keys
    stage.last = 1000
    run(stage)
    assert stage.keys.next is None
    assert stage.keys.current == (left.next or stage.keys.current), "what was announced is what is used"
    assert {OLD, left.current} <= {stage.keys.current, *stage.keys.old}


def test_a_secret_that_changes_meanwhile_is_left_alone() -> None:
    stage = Stage()

    def meddle(_: float) -> None:
        stage.text = msgspec.json.encode(Keys("m" * 40, old=(OLD,))).decode()

    with pytest.raises(Refusal, match="was changed meanwhile"):
        rotate(stage, stage, meddle)  # type: ignore[arg-type]
    assert stage.keys.current == "m" * 40


def test_a_secret_of_another_form_is_not_touched() -> None:
    stage = Stage()
    stage.text = '{"smtp": ""}'
    with pytest.raises(Refusal, match="is not what it must be"):
        run(stage)
    assert stage.text == '{"smtp": ""}'
