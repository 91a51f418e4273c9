"""A real table to replay on: moto's, in this process, as the stack's template has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import yaml
from moto import mock_aws

from cunbo.core.paths import ROOT

KEYS = {"aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}


@contextmanager
def table_in_process(name: str) -> Iterator[Any]:
    """Yield a client of DynamoDB that knows an empty table of this name."""
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1", **KEYS)
        client.create_table(TableName=name, **_form())
        yield client


def _form() -> dict[str, Any]:
    class Loader(yaml.CSafeLoader):
        """Reads CloudFormation's short tags as plain values."""

    Loader.add_multi_constructor("!", lambda loader, suffix, node: suffix)
    template = yaml.load((ROOT / "infra/stack.yaml").read_text(), Loader)  # noqa: S506 - a safe loader
    table = template["Resources"]["Table"]["Properties"]
    return {
        name: table[name] for name in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    }
