"""The commands `deploy`, which brings a stage to AWS, `advisories`, to be asked before it, and `rotate` its secret."""

import os
from argparse import ArgumentParser, Namespace

from cunbo.commands import target
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import counted, note
from cunbo.deploy.advisories import advisories, locked
from cunbo.deploy.deploy import deploy
from cunbo.deploy.rotation import rotate


def add_deploy(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo deploy`."""
    command.epilog = (
        "Settings come from the environment: SHOP_URL, HOLD_SECONDS, POLL_SECONDS, ALARM_TOPIC, WEB_ACL_ARN."
        " Letters: MAIL_FROM, the sender, with SMTP_URL, a mail server, or with MAIL_IDENTITY, the SES identity"
        " (a domain or an address) that the sender belongs to; China has no SES."
        " SMS_BY: sandbox, on a sandbox stage alone, shows text messages to MANAGER_MAIL; empty for none."
        " Payments: PAY, such as wechat,alipay, with PAY_SETTINGS, a file of JSON with one object a provider."
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
        rotate(*target.target(paths, typed.stage))
    note("The stage has a new secret; what was made of the old ones stays good.")
    return 0


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
