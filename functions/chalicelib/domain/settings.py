"""The settings of a function, read once from its environment, with errors that name the variable."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec

MailBy = Literal["ses", "smtp"]
"""Who carries letters: Amazon SES, or the mail server whose address is in the secret."""

POLL = 15
"""Seconds between two asks of a page, where nobody says otherwise."""


class BadSetting(Exception):
    """A variable of the environment is missing or is not what it must be."""


def is_sandbox(stage: str) -> bool:
    """Whether a stage takes made-up payments and shows samples. Its name alone says so: no switch can turn it on."""
    return stage == "local" or stage.startswith("sandbox")


class Settings(msgspec.Struct, frozen=True):
    """All that may differ from stage to stage; `shop_url` has no slash at its end, no `mail_from` is no mail.

    `manager_mail` is where the manager is told; empty where that is only logged. `poll` is how many seconds pages wait
    before they ask again what is left.
    """

    table: str
    secret: str
    stage: str
    shop_url: str
    hold: timedelta
    mail_from: str
    mail_by: MailBy = "smtp"
    manager_mail: str = ""
    poll: int = POLL

    @property
    def sandbox(self) -> bool:
        """Whether this stage is one."""
        return is_sandbox(self.stage)


def hold_seconds(value: str) -> int:
    """HOLD_SECONDS as a number; raises BadSetting where it is no whole number from 1 to 9999999 (some months)."""
    if not re.fullmatch(r"[0-9]{1,7}", value, re.ASCII) or int(value) < 1:
        raise BadSetting(f"HOLD_SECONDS is {value!r}: it must be a whole number of seconds from 1 to 9999999")
    return int(value)


def poll_seconds(value: str) -> int:
    """POLL_SECONDS as a number; raises BadSetting where it is no whole number from 5 to 600."""
    if not re.fullmatch(r"[0-9]{1,3}", value, re.ASCII) or not 5 <= int(value) <= 600:
        raise BadSetting(f"POLL_SECONDS is {value!r}: it must be a whole number of seconds from 5 to 600")
    return int(value)


def mail_by(value: str) -> MailBy:
    """MAIL_BY as one of those that there are; raises BadSetting."""
    try:
        found: MailBy = msgspec.convert(value, MailBy)
    except msgspec.ValidationError:
        raise BadSetting(f"MAIL_BY is {value!r}: it must be ses or smtp") from None
    return found


def read(environ: Mapping[str, str]) -> Settings:
    """The settings that `environ` holds; raises BadSetting."""

    def need(name: str) -> str:
        if not environ.get(name):
            raise BadSetting(f"{name} is not set: the stack's template sets it for each function")
        return environ[name]

    return Settings(
        table=need("TABLE_NAME"),
        secret=need("SECRET_ID"),
        stage=need("STAGE"),
        shop_url=need("SHOP_URL").rstrip("/"),
        hold=timedelta(seconds=hold_seconds(environ.get("HOLD_SECONDS", "900"))),
        mail_from=environ.get("MAIL_FROM", ""),
        mail_by=mail_by(environ.get("MAIL_BY", "smtp")),
        manager_mail=environ.get("MANAGER_MAIL", ""),
        poll=poll_seconds(environ.get("POLL_SECONDS", str(POLL))),
    )
