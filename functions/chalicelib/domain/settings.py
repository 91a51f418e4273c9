"""The settings of a function, read once from its environment, with errors that name the variable."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec

from chalicelib.domain.mailbox import is_email

MailBy = Literal["ses", "smtp"]
"""What sends letters: Amazon SES, or the mail server whose URL is in the secret."""
SmsBy = Literal["", "sandbox"]
"""What sends text messages: nothing, or the sandbox, which shows them to the manager (sms/sandbox.py)."""
PROVIDERS = ("sandbox", "wechat", "alipay", "stripe")
"""Payment providers by name (payments/), as PAY names them."""
TRACKERS = ("kuaidi100", "sf")
"""Services that know where parcels are, by name (carriers/), as TRACK names them."""

POLL = 15
"""Seconds after which a page asks again what is left, unless POLL_SECONDS says otherwise."""


class BadSetting(Exception):
    """A variable of the environment is missing or is not what it must be."""


def is_sandbox(stage: str) -> bool:
    """Return whether a stage takes made-up payments and shows samples.

    Its name alone decides, so that no setting can turn it on in a real shop.
    """
    return stage == "local" or stage.startswith("sandbox")


class Settings(msgspec.Struct, frozen=True):
    """All settings that may differ from stage to stage.

    `table` is the table's name, `secret` the secret's id, and `mail_secret` that of the mail server's address, which
    only what sends letters may read. `shop_url` has no slash at its end; `hold` is how long an unpaid order may be
    paid. `mail_from` is the sender of letters; empty: none are sent. `sms_by` is what
    sends text messages. `manager_mail` is where the manager is told that a
    day is full, or that something needs a person; empty: it is only logged. `poll` is in seconds. `edge_secret` is what
    the edge sends with each request; empty: nothing stands before the API, as in tests. `pay` are the payment providers
    that orders can be paid by, in the order in which pages offer them, and `pay_secrets` the ids of their secrets.
    `track` are the carriers' services that parcels are followed by, and `track_secrets` the ids of their secrets; none:
    nobody is asked.
    `uploads` is the host of the bucket of photographs, which begins with its name; empty: the shop takes none.
    `uploads_url` is where browsers reach it. `claim_at_once` is up to how many fen an order's first claim is paid
    by rule; 0: a person decides each.
    `site_bucket` is the site's, where the open books are published; empty: this function publishes none.
    """

    table: str
    secret: str
    stage: str
    shop_url: str
    hold: timedelta
    mail_from: str
    mail_by: MailBy = "smtp"
    sms_by: SmsBy = ""
    mail_secret: str = ""
    manager_mail: str = ""
    poll: int = POLL
    edge_secret: str = ""
    pay: tuple[str, ...] = ("sandbox",)
    pay_secrets: dict[str, str] = msgspec.field(default_factory=dict)
    track: tuple[str, ...] = ()
    track_secrets: dict[str, str] = msgspec.field(default_factory=dict)
    uploads: str = ""
    uploads_url: str = ""
    claim_at_once: int = 0
    site_bucket: str = ""

    @property
    def sandbox(self) -> bool:
        """Whether this stage is a sandbox."""
        return is_sandbox(self.stage)


def hold_seconds(value: str) -> int:
    """Return HOLD_SECONDS as a number; raise BadSetting unless it is a whole number from 1 to 9999999 (some months)."""
    if not re.fullmatch(r"[0-9]{1,7}", value, re.ASCII) or int(value) < 1:
        raise BadSetting(f"HOLD_SECONDS is {value!r}: it must be a whole number of seconds from 1 to 9999999")
    return int(value)


def poll_seconds(value: str) -> int:
    """Return POLL_SECONDS as a number; raise BadSetting unless it is a whole number from 5 to 600."""
    if not re.fullmatch(r"[0-9]{1,3}", value, re.ASCII) or not 5 <= int(value) <= 600:
        raise BadSetting(f"POLL_SECONDS is {value!r}: it must be a whole number of seconds from 5 to 600")
    return int(value)


def claim_at_once(value: str) -> int:
    """Return CLAIM_AT_ONCE as a number; raise BadSetting unless it is a whole number of fen from 0 to 100000."""
    if not re.fullmatch(r"[0-9]{1,6}", value, re.ASCII) or int(value) > 100_000:
        raise BadSetting(f"CLAIM_AT_ONCE is {value!r}: it must be a whole number of fen from 0 (none) to 100000")
    return int(value)


def mail_by(value: str) -> MailBy:
    """Return MAIL_BY as what sends letters; raise BadSetting unless it is ses or smtp."""
    try:
        found: MailBy = msgspec.convert(value, MailBy)
    except msgspec.ValidationError:
        raise BadSetting(f"MAIL_BY is {value!r}: it must be ses or smtp") from None
    return found


def sms_by(value: str, stage: str) -> SmsBy:
    """Return SMS_BY as what sends text messages; raise BadSetting for what is none, or a sandbox in a real shop."""
    if value == "sandbox" and not is_sandbox(stage):
        words = "its messages reach no phone, so that is for a stage named local or sandbox…"
        raise BadSetting(f"SMS_BY is 'sandbox', and STAGE is {stage}: {words}")
    try:
        found: SmsBy = msgspec.convert(value, SmsBy)
    except msgspec.ValidationError:
        raise BadSetting(f"SMS_BY is {value!r}: it must be sandbox, or empty for no text messages") from None
    return found


def pay(value: str, stage: str) -> tuple[str, ...]:
    """Return PAY as the names of payment providers; raise BadSetting for what is none, or a sandbox in a real shop.

    Where it is empty it is the sandbox in a sandbox, and else nobody.
    """
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    if not names and is_sandbox(stage):
        return ("sandbox",)
    for name in names:
        if name not in PROVIDERS:
            raise BadSetting(f"PAY is {value!r}: it must be some of {', '.join(PROVIDERS)}, with commas between them")
    if len({*names}) < len(names):
        raise BadSetting(f"PAY is {value!r}: each provider is named once")
    if "sandbox" in names and not is_sandbox(stage):
        words = "its money is made up, so that is for a stage named local or sandbox…"
        raise BadSetting(f"PAY is {value!r}, and STAGE is {stage}: {words}")
    return names


def track(value: str) -> tuple[str, ...]:
    """Return TRACK as the names of carriers' services, none where it is empty; raise BadSetting for what is none."""
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    if not {*names} <= {*TRACKERS} or len({*names}) < len(names):
        words = f"it must be some of {', '.join(TRACKERS)}, once each, with commas between them, or empty"
        raise BadSetting(f"TRACK is {value!r}: {words}")
    return names


def address(name: str, value: str) -> str:
    """Return an e-mail address, or nothing for none; raise BadSetting, which names it, for what is neither."""
    if value and not is_email(value):
        raise BadSetting(f"{name} is {value!r}: it must be an e-mail address, such as name@example.com, or empty")
    return value


def read(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise BadSetting, which names the variable, where one is missing or wrong."""

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
        mail_from=address("MAIL_FROM", environ.get("MAIL_FROM", "")),
        mail_by=mail_by(environ.get("MAIL_BY", "smtp")),
        sms_by=sms_by(environ.get("SMS_BY", ""), need("STAGE")),
        mail_secret=environ.get("MAIL_SECRET_ID", ""),
        manager_mail=address("MANAGER_MAIL", environ.get("MANAGER_MAIL", "")),
        poll=poll_seconds(environ.get("POLL_SECONDS", str(POLL))),
        edge_secret=environ.get("EDGE_SECRET", ""),
        pay=pay(environ.get("PAY", ""), need("STAGE")),
        pay_secrets={
            name: environ[variable] for name in PROVIDERS if environ.get(variable := f"{name.upper()}_SECRET_ID")
        },
        site_bucket=environ.get("SITE_BUCKET", ""),
        track=track(environ.get("TRACK", "")),
        track_secrets={
            name: environ[variable] for name in TRACKERS if environ.get(variable := f"{name.upper()}_SECRET_ID")
        },
        claim_at_once=claim_at_once(environ.get("CLAIM_AT_ONCE", "0")),
        uploads=environ.get("UPLOADS_HOST", ""),
        uploads_url=environ.get("UPLOADS_URL", "").rstrip("/"),
    )
