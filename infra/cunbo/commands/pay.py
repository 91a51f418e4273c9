"""The command `pay`: proves that payment providers take the shop's settings, without money."""

import os
from argparse import ArgumentParser, Namespace

from cunbo.commands import target
from cunbo.commands.money import add_strays
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.core.refusal import Refusal
from cunbo.deploy import secret
from cunbo.deploy.deploy import address_of
from cunbo.deploy.package import LOCAL
from cunbo.deploy.pay import FIELDS, check, payments_of


def add_pay(command: ArgumentParser) -> None:
    """Add the verbs of `cunbo pay`, each with its arguments."""
    verbs = command.add_subparsers(required=True, metavar="VERB")
    proves = verbs.add_parser("check", help="ask each provider whether it takes these settings; exit 1 where not")
    proves.epilog = (
        "With PAY and PAY_SETTINGS in the environment it looks at these settings, before they are deployed; Stripe is"
        " asked for a webhook endpoint at the address that SHOP_URL or DOMAIN names. Else it looks at what the stage"
        " has. No money moves: it asks for a payment that does not exist."
    )
    target.add_stage(proves)
    add_strays(verbs)
    proves.set_defaults(run=_check)


def _check(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        found, shop_url = _given(typed.stage) if os.environ.get("PAY_SETTINGS") else _deployed(typed, paths)
    if not found:
        note("No provider here has settings: there is nothing to prove.")
        return 0
    wrong = {name: check(name, text, shop_url) for name, text in found.items()}
    for name, words in wrong.items():
        note(f"{name}: {words or 'it answers, and the keys fit.'}")
    return 1 if any(wrong.values()) else 0


def _given(stage: str | None) -> tuple[dict[str, bytes], str]:
    return {**payments_of(stage or LOCAL, {}, os.environ).given}, address_of(os.environ)


def _deployed(typed: Namespace, paths: Paths) -> tuple[dict[str, bytes], str]:
    cloud, stack = target.target(paths, typed.stage)
    outputs, parameters = stack.outputs(), stack.parameters()
    ids = {name: outputs[key] for name in FIELDS if (key := f"{name.capitalize()}SecretId") in outputs}
    if not ids and typed.stage is None:
        raise Refusal("the local stack is paid by the sandbox alone: set PAY and PAY_SETTINGS, or --stage")
    return {name: secret.read(cloud, id_).encode() for name, id_ in ids.items()}, parameters["ShopUrl"]
