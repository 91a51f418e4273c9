"""Secrets that a stack holds, and that are put there from outside: the mail server's address, providers' keys."""

import json

from cunbo.core.cloud import Cloud


def put(cloud: Cloud, secret: str, text: str) -> None:
    """Put `text` into the secret, if it is not there: Secrets Manager keeps a hundred versions a day at most."""
    if read(cloud, secret) != text:
        cloud.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=text)


def read(cloud: Cloud, secret: str) -> str:
    """Return what the secret holds."""
    found: str = cloud.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    return found


def set_smtp(cloud: Cloud, secret: str, url: str) -> None:
    """Put the mail server's address into the secret, if it is not there: only what sends letters may read it."""
    put(cloud, secret, json.dumps({"smtp": url}))
