"""The cold start: from a new process to a served checkout, against a process with nothing but a boto3 client.

Both run the packaged zip's own Python, against the same table, in turns, so that a noisy machine hurts both alike.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from pathlib import Path

from cunbo.core.cloud import REGION
from cunbo.core.progress import note
from cunbo.load.surge import order_of
from cunbo.local.stack import SENDER, LocalStack

TURNS = 9

CHECKOUT = """
import json, sys
import app
answer = app.app(json.loads(sys.argv[1]), None)
assert answer["statusCode"] == 201, answer
"""
BARE = """
import boto3, os
boto3.client("dynamodb").get_item(TableName=os.environ["TABLE_NAME"], Key={"pk": {"S": "x"}, "sk": {"S": "x"}})
"""


def cold_start(stack: LocalStack, sku: str) -> None:
    """Print the medians of both and their ratio; `sku` must have units left for TURNS orders."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(stack.paths.build / "package-local" / "functions.zip") as packed:
            packed.extractall(folder)
        took: dict[str, list[float]] = {CHECKOUT: [], BARE: []}
        for _ in range(TURNS):
            for code, times in took.items():
                times.append(_process(stack, Path(folder), code, _event(sku)))
    ours, bare = (statistics.median(times) for times in took.values())
    note(f"\nCold start, from a process' start, medians of {TURNS} in turns")
    note(f"  a bare boto3 client, one read      {bare:6.0f} ms")
    note(f"  app.py, one checkout served        {ours:6.0f} ms   {ours / bare:5.2f} x")


def _process(stack: LocalStack, task: Path, code: str, event: str) -> float:
    """Run `code` in a process as the function's would be run, and return its milliseconds."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, event], env=_environment(stack, task), check=True, capture_output=True)  # noqa: S603
    return (time.perf_counter() - started) * 1000


def _environment(stack: LocalStack, task: Path) -> dict[str, str]:
    keys = stack.emulator.keys.credentials
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": os.pathsep.join([str(task), str(task / "vendor")]),
        "PYTHONDONTWRITEBYTECODE": "1",  # /var/task is read-only
        "AWS_ENDPOINT_URL": stack.emulator.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
        "AWS_LAMBDA_FUNCTION_NAME": "api",
        "TABLE_NAME": stack.outputs["TableName"],
        "SECRET_ID": stack.outputs["SecretId"],
        "STAGE": "local",
        "SHOP_URL": stack.url,
        "MAIL_FROM": SENDER,
    }


def _event(sku: str) -> str:
    """Return a checkout as API Gateway passes it to the function."""
    key = f"cold-{uuid.uuid4().hex}"
    return json.dumps(
        {
            "httpMethod": "POST",
            "headers": {"Content-Type": "application/json", "Idempotency-Key": key},
            "requestContext": {"resourcePath": "/checkout", "httpMethod": "POST", "path": "/api/checkout"},
            "multiValueQueryStringParameters": None,
            "pathParameters": None,
            "stageVariables": None,
            "body": json.dumps(order_of(sku, buyer=key)),
            "isBase64Encoded": False,
        }
    )
