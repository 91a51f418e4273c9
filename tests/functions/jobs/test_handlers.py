"""The registry of what jobs do: whatever the table can hold of aggregates, somebody looks after."""

from collections.abc import Callable

from chalicelib.jobs.handlers import handlers
from chalicelib.jobs.letters import LetterWriter
from chalicelib.jobs.sms import SmsWriter
from chalicelib.jobs.troubles import Troubles
from chalicelib.storage.aggregates import KINDS

from tests.functions.helpers.world import World

MakeWorld = Callable[..., World]


def test_every_kind_of_aggregate_has_its_handler(make_world: MakeWorld) -> None:
    services = make_world().services
    letters = LetterWriter(services.stage, services.store.limits, None)
    sms = SmsWriter(services.stage, services.store.limits, None, letters)
    troubles = Troubles(services.stage, services.store, letters)
    assert handlers(services, letters, sms, troubles).keys() == KINDS.keys()
