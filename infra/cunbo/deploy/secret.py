"""The mail server's address, with its password: in a secret that only what sends letters may read."""

import json

from cunbo.core.cloud import Cloud


def set_smtp(cloud: Cloud, secret: str, url: str) -> None:
    """Put the mail server's address into the secret, if it is not there."""
    manager = cloud.client("secretsmanager")
    kept = json.loads(manager.get_secret_value(SecretId=secret)["SecretString"])
    if kept["smtp"] != url:
        manager.put_secret_value(SecretId=secret, SecretString=json.dumps({"smtp": url}))
