"""The stage's secret: what CloudFormation cannot keep there without making all of it anew."""

import json

from cunbo.core.cloud import Cloud


def set_smtp(cloud: Cloud, secret: str, url: str) -> None:
    """Put the mail server's address into the secret, and keep the rest of it."""
    manager = cloud.client("secretsmanager")
    kept = json.loads(manager.get_secret_value(SecretId=secret)["SecretString"])
    if kept["smtp"] != url:
        manager.put_secret_value(SecretId=secret, SecretString=json.dumps({**kept, "smtp": url}))
