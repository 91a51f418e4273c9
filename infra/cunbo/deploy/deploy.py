"""Brings a stage to AWS: package, stack, secret, site. A stage that is deployed keeps what is not given anew."""

import re
from collections.abc import Mapping

from chalicelib.domain.settings import BadSetting, address, is_sandbox, sms_by

from cunbo.core.cloud import Cloud
from cunbo.core.content import read
from cunbo.core.paths import Paths
from cunbo.core.progress import note, step
from cunbo.core.refusal import Refusal
from cunbo.deploy import secret, site
from cunbo.deploy.live import find_live, refresh_edge, site_bucket
from cunbo.deploy.package import LOCAL, package
from cunbo.deploy.pay import payments_of
from cunbo.deploy.site_bucket import upload
from cunbo.deploy.stack import REVISION, Outputs, Stack
from cunbo.deploy.track import track_of
from cunbo.operations.shop import ShopOperations
from cunbo.operations.voices import spoken

SETTINGS = {
    "SHOP_URL": "ShopUrl",
    "HOLD_SECONDS": "HoldSeconds",
    "POLL_SECONDS": "PollSeconds",
    "CLAIM_AT_ONCE": "ClaimAtOnce",
    "MAIL_FROM": "MailFrom",
    "MAIL_IDENTITY": "MailIdentity",
    "SMS_BY": "SmsBy",
    "MANAGER_MAIL": "ManagerMail",
    "ALARM_TOPIC": "AlarmTopic",
    "WEB_ACL_ARN": "WebAclArn",
    "DOMAIN": "Domain",
    "ACM_CERTIFICATE_ARN": "AcmCertificateArn",
    "IAM_CERTIFICATE_ID": "IamCertificateId",
}
"""Variables of the environment and the parameters that they set."""
UNKNOWN = "https://unknown.invalid"
"""The shop's address until the stack exists: a distribution's domain in its own functions' environment is a cycle."""


def deploy(paths: Paths, stage: str, environ: Mapping[str, str]) -> str:
    """Deploy `stage` with the operator's credentials and region, and return the shop's address."""
    if stage == LOCAL or not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", stage):
        raise Refusal(f"{stage} is no stage to deploy: name it by lower-case letters, digits and hyphens, not local")
    with step("reading the content"):
        catalog, published = read(paths.content, production=not is_sandbox(stage))
    cloud = Cloud()
    stack = Stack(cloud, stage)
    before = stack.parameters()
    payments, track = payments_of(stage, before, environ), track_of(stage, before, environ)
    parameters = parameters_of(stage, before, environ) | payments.parameters | track.parameters
    with step("packaging the functions"):
        made = package(paths, stage, published)
    earlier = find_live(cloud, stack)
    with step("deploying the stack (some minutes the first time)"):
        if before:  # what is said of the goods is kept before anybody can buy them
            _operations(cloud, stack.outputs()).keep_shown(catalog)
        stack.deploy(made, parameters)
        outputs = stack.outputs()
        operations = _operations(cloud, outputs)
        operations.keep_shown(catalog)
        if parameters["ShopUrl"] == UNKNOWN:
            parameters["ShopUrl"] = f"https://{outputs['DistributionDomain']}"
            stack.deploy(made, parameters)
    if environ.get("SMTP_URL"):
        secret.set_smtp(cloud, outputs["MailSecretId"], environ["SMTP_URL"])
    payments.keep(cloud, outputs)
    track.keep(cloud, outputs)
    with step("building the site"):
        site.build(paths, parameters["ShopUrl"], spoken(operations.store, catalog))
    with step("uploading the site"):
        changed = upload(paths.site, site_bucket(cloud, outputs), earlier.keep if earlier else len)
    if changed:
        refresh_edge(cloud, outputs)
    if parameters.get("Domain"):
        note(f"{parameters['Domain']} must lead to {outputs['DistributionDomain']}: a CNAME, where its names are kept.")
    for line in operations.amended(catalog):
        note(line)
    note(f"Batches are made by `cunbo plan --stage {stage}`, or one by one by `cunbo batch`.")
    return parameters["ShopUrl"]


def _operations(cloud: Cloud, outputs: Outputs) -> ShopOperations:
    return ShopOperations(cloud.client("dynamodb"), outputs["TableName"])


def parameters_of(stage: str, before: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the stack's parameters: from the environment, else as before; a new domain becomes the shop's address.

    Raise Refusal for what the functions would refuse to start with.
    """
    try:
        for name in ("MAIL_FROM", "MANAGER_MAIL"):
            address(name, environ.get(name, ""))
        sms_by(environ.get("SMS_BY", ""), stage)
    except BadSetting as wrong:
        raise Refusal(str(wrong)) from None
    given = {parameter: environ[name] for name, parameter in SETTINGS.items() if environ.get(name)}
    kept = {name: value for name, value in before.items() if name in (*SETTINGS.values(), REVISION)}
    home = {"ShopUrl": f"https://{given['Domain']}"} if "Domain" in given else {}
    return {"Stage": stage, "ShopUrl": UNKNOWN, **kept, **home, **given}


def address_of(environ: Mapping[str, str]) -> str:
    """Return the shop's address, as far as the environment says it."""
    return environ.get("SHOP_URL") or (f"https://{environ['DOMAIN']}" if environ.get("DOMAIN") else UNKNOWN)
