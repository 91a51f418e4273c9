"""The commands around a stage on AWS: `deploy`, `rotate` its secret, and `advisories`, `pay check` and `track check`,
to be asked before it.
"""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping

from chalicelib.storage.desk.trail import TrailStore
from chalicelib.storage.table import Table

from cunbo.commands import target
from cunbo.commands.orders import add_strays
from cunbo.core.cloud import Cloud, refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import counted, note
from cunbo.core.refusal import Refusal
from cunbo.deploy import secret, track
from cunbo.deploy.advisories import advisories, locked
from cunbo.deploy.deploy import UNKNOWN, address_of, deploy
from cunbo.deploy.package import LOCAL
from cunbo.deploy.pay import FIELDS, check, payments_of
from cunbo.deploy.rotation import rotate
from cunbo.operations.trail import acting


def add_deploy(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo deploy`."""
    command.epilog = (
        "Settings come from the environment: SHOP_URL, HOLD_SECONDS, POLL_SECONDS, "
        "CLAIM_AT_ONCE, ALARM_TOPIC, WEB_ACL_ARN."
        " Letters: MAIL_FROM, the sender, with SMTP_URL, a mail server, or with MAIL_IDENTITY, the SES identity"
        " (a domain or an address) that the sender belongs to; China has no SES."
        " SMS_BY: sandbox, on a sandbox stage alone, shows text messages to MANAGER_MAIL; empty for none."
        " Payments: PAY, such as wechat,alipay, with PAY_SETTINGS, a file of JSON with one object a provider."
        " Parcels: TRACK, such as kuaidi100 (none ends it), with TRACK_SETTINGS, an object a service in a file of JSON."
        " MANAGER_MAIL is the address that hears when a day is full."
        " Own domain: DOMAIN, with ACM_CERTIFICATE_ARN (from us-east-1), or in China, where it is a must, with"
        " IAM_CERTIFICATE_ID."
    )
    command.add_argument("stage", metavar="STAGE")
    command.set_defaults(run=_deploy)


def _deploy(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        note(f"The shop is at {deploy(paths, typed.stage, os.environ)}/")
    return 0


def add_rotate(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo rotate`."""
    command.epilog = (
        "The shop goes on selling meanwhile. Old secrets are kept: old links open their orders for ever. It takes some"
        " minutes; where it was cut off, run it again."
    )
    target.add_stage(command)
    command.set_defaults(run=_rotate)


def _rotate(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        cloud, stack = target.target(paths, typed.stage)
        table = Table(cloud.client("dynamodb"), stack.outputs()["TableName"])
        with acting(TrailStore(table), "rotate", {}):
            rotate(cloud, stack)
    note("The stage has a new secret; what was made of the old ones stays good.")
    return 0


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
    given, shop_url = payments_of(stage or LOCAL, {}, os.environ).given, address_of(os.environ)
    if "stripe" in given and shop_url == UNKNOWN:
        raise Refusal("Stripe is asked whether it tells its news to the shop: set SHOP_URL, or DOMAIN")
    return {**given}, shop_url


def _deployed(typed: Namespace, paths: Paths) -> tuple[dict[str, bytes], str]:
    cloud, stack = target.target(paths, typed.stage)
    found, parameters = _kept(cloud, stack.outputs(), FIELDS), stack.parameters()
    if not found and typed.stage is None:
        raise Refusal("the local stack is paid by the sandbox alone: set PAY and PAY_SETTINGS, or --stage")
    return found, parameters["ShopUrl"]


def add_track(command: ArgumentParser) -> None:
    """Add the verbs of `cunbo track`, each with its arguments."""
    verbs = command.add_subparsers(required=True, metavar="VERB")
    proves = verbs.add_parser("check", help="ask each service whether it takes these settings; exit 1 where not")
    proves.epilog = (
        "With TRACK and TRACK_SETTINGS in the environment it looks at these settings, before they are deployed. Else it"
        " looks at what the stage has. It asks where a parcel is that need not exist."
    )
    target.add_stage(proves)
    proves.set_defaults(run=_check_track)


def _check_track(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        if os.environ.get("TRACK_SETTINGS"):
            found = {**track.track_of(typed.stage or LOCAL, {}, os.environ).given}
        else:
            cloud, stack = target.target(paths, typed.stage)
            found = _kept(cloud, stack.outputs(), track.FIELDS)
    if not found:
        note("No carriers' service here has settings: there is nothing to prove.")
    wrong = {name: track.check(name, text) for name, text in found.items()}
    for name, words in wrong.items():
        note(f"{name}: {words or 'it answers, and the keys fit.'}")
    return 1 if any(wrong.values()) else 0


def _kept(cloud: Cloud, outputs: Mapping[str, str], names: Iterable[str]) -> dict[str, bytes]:
    """The settings that the stack's secrets hold, of those among these that it has."""
    ids = {name: outputs[key] for name in names if (key := f"{name.capitalize()}SecretId") in outputs}
    return {name: secret.read(cloud, id_).encode() for name, id_ in ids.items()}


def add_advisories(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo advisories`."""
    command.epilog = "It asks the database OSV; where that cannot be reached nothing was checked, and it leaves with 2."
    command.set_defaults(run=_advisories)


def _advisories(typed: Namespace, paths: Paths) -> int:
    packages = locked(paths.root)
    found = advisories(packages)
    for package, ids in found.items():
        note(f"{package.name} {package.version} ({package.ecosystem}): {', '.join(ids)}")
    note(f"{counted(len(packages), 'package')} asked for, {len(found)} with known vulnerabilities")
    return 1 if found else 0
