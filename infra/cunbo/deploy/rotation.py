"""Replaces a stage's secret, from which order numbers, tokens and signatures come, while the shop goes on selling.

A function's process reads the secret once, so for a while some have the old one. A new secret that were used at once
would sell one Idempotency-Key twice: a process that does not know it cannot see the order that it led to. So it is
announced first, every process is made new, and only then is it used (domain/keys.py). What is cut off goes on where it
was when the command is run again.
"""

import secrets
import time
from collections.abc import Callable

import msgspec
from chalicelib.domain.keys import Keys

from cunbo.core.cloud import Cloud
from cunbo.core.progress import step
from cunbo.core.refusal import Refusal
from cunbo.deploy import secret
from cunbo.deploy.stack import Stack

LENGTH = 48
"""Bytes of a new secret."""
LAST_CALLS = 60.0
"""Seconds in which the last call of an old process ends: no function that makes orders may take longer."""


def rotate(cloud: Cloud, stack: Stack, sleep: Callable[[float], None] = time.sleep) -> None:
    """Announce a new secret, make every process new, and use it; old secrets are kept. Raise Refusal."""
    name = stack.outputs()["SecretId"]
    keys = _keys(cloud, name)
    with step("announcing the new secret" if keys.next is None else "going on with the secret that was announced"):
        keys = keys.announced(secrets.token_urlsafe(LENGTH))
        _put(cloud, name, keys)
    with step("starting every process anew, so that each knows it"):
        stack.restart()
        sleep(LAST_CALLS)
    with step("using it"):
        if _keys(cloud, name) != keys:
            raise Refusal("the secret was changed meanwhile: look at it in Secrets Manager, then run this again")
        _put(cloud, name, keys.promoted())
        stack.restart()


def _keys(cloud: Cloud, name: str) -> Keys:
    try:
        return msgspec.json.decode(secret.read(cloud, name), type=Keys)
    except msgspec.DecodeError as error:
        raise Refusal(f"the secret {name} is not what it must be: {error}") from None


def _put(cloud: Cloud, name: str, keys: Keys) -> None:
    secret.put(cloud, name, msgspec.json.encode(keys).decode())
