"""Who is called: AWS with the operator's own credentials, or the stack on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cunbo.core.refusal import Refusal

REGION = "us-east-1"
"""The region that the local stack says it is in."""


class Credentials(NamedTuple):
    """An access key and its secret."""

    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True)
class Cloud:
    """Clients of one account: `endpoint` is the local stack's address, or None for AWS; that stack has its own keys."""

    endpoint: str | None = None
    credentials: Credentials | None = None

    def client(self, service: str, config: Config | None = None) -> Any:
        """Return a client of `service`."""
        if self.endpoint is None:
            return boto3.client(service, config=config)
        key, secret = self.credentials or (None, None)
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=config or Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 2}),
        )

    def account(self) -> str:
        """Return the account's number."""
        found: str = self.client("sts").get_caller_identity()["Account"]
        return found


@contextmanager
def refusing_aws_errors() -> Iterator[None]:
    """Turn errors of AWS, or of the way to it, into a Refusal: no credentials, region, permission or answer."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Refusal(f"AWS was not reached, or refused: {error}") from error
