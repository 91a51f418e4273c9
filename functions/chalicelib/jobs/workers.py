"""Builds the workers of the stream and of the minute's schedule, from the services of a shop and its mailer.

They are built here and not in bootstrap.py, since the API's cold start writes no letters.
"""

from typing import NamedTuple

from chalicelib.bootstrap import Services, aws
from chalicelib.jobs.full_days import FullDays
from chalicelib.jobs.handlers import handlers
from chalicelib.jobs.letters import LetterWriter
from chalicelib.jobs.outbox import Outbox
from chalicelib.jobs.sms import SmsWriter
from chalicelib.jobs.sweep import Sweep
from chalicelib.jobs.troubles import Troubles
from chalicelib.mail import Mailer, mailer
from chalicelib.sms import SmsSender, sender


class Workers(NamedTuple):
    """Who does what orders have asked for elsewhere, and who sweeps up behind them."""

    outbox: Outbox
    sweep: Sweep


def workers(services: Services, mailer: Mailer | None, sender: SmsSender | None = None) -> Workers:
    """Build the workers that write through this mailer and this sender; None where nobody carries any."""
    stage, store = services.stage, services.store
    letters = LetterWriter(stage, store.limits, mailer)
    sms = SmsWriter(stage, store.limits, sender, letters)
    troubles = Troubles(stage, store, letters)
    outbox = Outbox(store, stage.clock, handlers(services, letters, sms, troubles), troubles)
    full_days = FullDays(stage, store, letters)
    return Workers(outbox, Sweep(stage, store, outbox, services.waitlist, full_days))


def troubles_of(services: Services) -> Troubles:
    """Build what tells the manager of troubles, with the mailer that the stage's settings choose."""
    stage, store = services.stage, services.store
    return Troubles(stage, store, LetterWriter(stage, store.limits, mailer(stage.settings, aws())))


def workers_of(services: Services) -> Workers:
    """Build the workers with the mailer and the sender of text messages that the stage's settings choose."""
    settings = services.stage.settings
    carrier = mailer(settings, aws())
    return workers(services, carrier, sender(settings, carrier))
