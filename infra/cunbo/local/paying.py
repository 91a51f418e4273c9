"""By what the local stack is paid: as PAY and PAY_SETTINGS say, or by stand-ins of the real providers."""

from collections.abc import Mapping
from contextlib import ExitStack

import msgspec
from chalicelib.domain.settings import PROVIDERS

from cunbo.core.progress import note
from cunbo.core.refusal import Refusal
from cunbo.deploy.package import LOCAL
from cunbo.deploy.pay import FIELDS, PaymentSettings, payments_of
from cunbo.standins.base import Misbehaviour
from cunbo.standins.server import StandIns

WORD = "standins"
"""What PAY says for stand-ins of all providers that have any."""
AFTER = 3
"""How many ports the stand-ins' are above the shop's: the emulator and the mailbox are between."""


def paying(
    environ: Mapping[str, str], shop_url: str, port: int, exits: ExitStack
) -> tuple[PaymentSettings, StandIns | None]:
    """Return by what the shop at `port` is paid, and the stand-ins if there are any, which run until `exits` ends.

    Raise Refusal for settings that cannot be used.
    """
    words = [word.strip() for word in environ.get("PAY", "").split(",")]
    how = misbehaviour(environ.get("MISBEHAVE", ""))
    if WORD not in words:
        if environ.get("MISBEHAVE"):
            raise Refusal(f"MISBEHAVE is for stand-ins: set PAY={WORD} too")
        return payments_of(LOCAL, {}, environ), None
    if strange := [word for word in words if word not in (WORD, "sandbox")]:
        raise Refusal(f"PAY names {strange[0]} beside {WORD}, which stands in for it: leave one of them out")
    ports = {name: port + AFTER + number for number, name in enumerate(FIELDS)}
    try:
        stand_ins = exits.enter_context(StandIns(shop_url, ports, how=how))
    except (OSError, OverflowError):
        first, last = min(ports.values()), max(ports.values())
        raise Refusal(f"one of the ports {first} to {last}, for stand-ins, is taken: choose another PORT") from None
    names = [*(["sandbox"] if "sandbox" in words else []), *(name for name in PROVIDERS if name in ports)]
    given = {name: msgspec.json.encode(settings) for name, settings in stand_ins.settings().items()}
    return PaymentSettings(tuple(names), given), stand_ins


def misbehaviour(value: str) -> Misbehaviour:
    """Return MISBEHAVE, such as `twice=0.5,never=0.1`, as how often stand-ins misbehave; raise Refusal."""
    found: dict[str, float] = {}
    for word in filter(None, (word.strip() for word in value.split(","))):
        name, _, often = word.partition("=")
        try:
            share = float(often)
        except ValueError:
            share = -1
        if name not in Misbehaviour.__struct_fields__ or not 0 <= share <= 1:
            ways = ", ".join(Misbehaviour.__struct_fields__)
            raise Refusal(f"MISBEHAVE has {word!r}: it must be one of {ways}, then = and how often, from 0 to 1")
        found[name] = share
    return Misbehaviour(**found)


def tell(stand_ins: StandIns) -> None:
    """Tell where the stand-ins are, and how they can be had misbehave."""
    note("Stand-ins take the payments; no money moves. Each shows its payer's page when a payment begins:")
    for name, server in stand_ins.servers.items():
        codes = "  open it to pay by a code that a computer shows" if name == "wechat" else ""
        note(f"  {name:<17} {server.stand_in.base_url}/{codes}")
    note(
        "Have them misbehave by MISBEHAVE, each from 0 (never) to 1 (always), such as"
        f" MISBEHAVE=twice=0.5,never=0.2 PAY={WORD} make up:\n  {', '.join(Misbehaviour.__struct_fields__)}"
    )
