"""The bucket that code goes into: the account's own, by a name that anybody could have taken."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from cunbo.core.cloud import Cloud
from cunbo.core.refusal import Refusal
from cunbo.deploy.code_bucket import DAYS, CodeBucket
from cunbo.deploy.package import Package
from cunbo.deploy.site_bucket import SiteBucket, upload
from cunbo.deploy.stack import Stack
from moto import mock_aws

ACCOUNT = "123456789012"
NAME = f"cunbo-code-{ACCOUNT}-eu-central-1"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """An account of moto's in a region other than the one that needs no name."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield Cloud()


@pytest.fixture
def stubbed(cloud: Cloud) -> Iterator[tuple[CodeBucket, Stubber]]:
    """The bucket, and what S3 is to say."""
    bucket = CodeBucket(cloud)
    with Stubber(bucket.s3) as stubber:
        yield bucket, stubber
        stubber.assert_no_pending_responses()


def test_it_is_made_once_and_keeps_what_is_laid_into_it(cloud: Cloud) -> None:
    for _ in range(2):
        bucket = CodeBucket(cloud)
        bucket.prepare(kept=None)
        key = bucket.put("functions", ".zip", b"code")
    assert bucket.name == NAME
    assert cloud.client("s3").get_object(Bucket=NAME, Key=key)["Body"].read() == b"code"
    [location] = [cloud.client("s3").get_bucket_location(Bucket=NAME)["LocationConstraint"]]
    assert location == "eu-central-1"


def test_what_no_deployment_uses_any_more_goes(cloud: Cloud) -> None:
    CodeBucket(cloud).prepare(kept=None)
    rules = cloud.client("s3").get_bucket_lifecycle_configuration(Bucket=NAME)["Rules"]
    assert {rule["Filter"]["Prefix"]: rule["Expiration"]["Days"] for rule in rules} == {
        "functions/": DAYS,
        "templates/": DAYS,
    }
    assert all(rule["NoncurrentVersionExpiration"]["NoncurrentDays"] == DAYS for rule in rules)


def test_the_code_that_a_rollback_would_need_is_young_again(cloud: Cloud) -> None:
    bucket = CodeBucket(cloud)
    bucket.prepare(kept="functions/gone.zip")
    key = bucket.put("functions", ".zip", b"what runs now")
    calls: list[str] = []
    bucket.s3.meta.events.register("before-call.s3", lambda model, **_: calls.append(model.name))
    bucket.prepare(kept=key)
    assert calls[-1] == "CopyObject"
    assert cloud.client("s3").get_object(Bucket=NAME, Key=key)["Body"].read() == b"what runs now"


def test_somebody_elses_bucket_of_that_name_gets_nothing(stubbed: tuple[CodeBucket, Stubber]) -> None:
    bucket, stubber = stubbed
    expected = {"Bucket": NAME, "ExpectedBucketOwner": ACCOUNT}
    stubber.add_client_error("head_bucket", "403", http_status_code=403, expected_params=expected)
    with pytest.raises(Refusal, match=f"{NAME}.*no code was laid into it.*AWS_REGION"):
        bucket.prepare(kept=None)


def test_a_name_that_somebody_takes_in_between_gets_nothing(stubbed: tuple[CodeBucket, Stubber]) -> None:
    bucket, stubber = stubbed
    stubber.add_client_error("head_bucket", "404", http_status_code=404)
    stubber.add_client_error("create_bucket", "BucketAlreadyExists", http_status_code=409)
    with pytest.raises(Refusal, match="somebody else's"):
        bucket.prepare(kept=None)


@pytest.mark.parametrize("status", [301, 400, 500, 503])
def test_an_answer_that_does_not_say_it_is_missing_makes_none(stubbed: tuple[CodeBucket, Stubber], status: int) -> None:
    bucket, stubber = stubbed
    stubber.add_client_error("head_bucket", str(status), http_status_code=status)
    with pytest.raises(ClientError):
        bucket.prepare(kept=None)


def test_a_deployment_beside_that_was_faster_is_no_fault(stubbed: tuple[CodeBucket, Stubber]) -> None:
    bucket, stubber = stubbed
    stubber.add_client_error("head_bucket", "404", http_status_code=404)
    stubber.add_client_error("create_bucket", "BucketAlreadyOwnedByYou", http_status_code=409)
    stubber.add_response("put_bucket_lifecycle_configuration", {})
    bucket.prepare(kept=None)


def test_every_call_of_a_deployment_names_the_owner_of_its_bucket(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, set[bool]] = {}

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        asked.setdefault(model.name, set()).add(params.get("ExpectedBucketOwner") == ACCOUNT)

    make = boto3.client

    def noting(service: str, **settings: Any) -> Any:
        client = make(service, **settings)
        client.meta.events.register("before-parameter-build.s3", note)
        return client

    monkeypatch.setattr(boto3, "client", noting)
    for name in ("template.json", "functions.zip", "index.html"):
        (tmp_path / name).write_text("{}")
    change: Callable[..., None] = lambda *_, **__: None  # noqa: E731 - what CloudFormation does is not asked here
    monkeypatch.setattr(Stack, "_change", change)
    found = {"StackStatus": "CREATE_COMPLETE", "Parameters": [{"ParameterKey": "CodeKey", "ParameterValue": "old.zip"}]}
    monkeypatch.setattr(Stack, "_describe", lambda _: found)
    assert Stack(cloud, "prod").deploy(Package(tmp_path / "template.json", tmp_path / "functions.zip"), {})
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="site", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    upload(tmp_path, SiteBucket(s3, "site", cloud.account()))
    (tmp_path / "index.html").unlink()
    upload(tmp_path, SiteBucket(s3, "site", cloud.account()))
    assert asked.pop("CreateBucket") == {False}, "it has no such parameter"
    assert {"HeadBucket", "PutObject", "PutBucketLifecycleConfiguration", "CopyObject", "DeleteObject"} <= {*asked}
    assert {name for name, owners in asked.items() if owners != {True}} == set()


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("us-east-1", "amazonaws.com"),
        ("ap-northeast-1", "amazonaws.com"),
        ("ap-east-1", "amazonaws.com"),  # a region that must be opted into has no global form
        ("cn-north-1", "amazonaws.com.cn"),
        ("cn-northwest-1", "amazonaws.com.cn"),
        ("us-gov-west-1", "amazonaws.com"),
    ],
)
def test_cloudformation_is_told_the_address_of_the_region(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, region: str, suffix: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    bucket = CodeBucket(cloud)
    assert bucket.url("templates/a.json") == f"https://{bucket.name}.s3.{region}.{suffix}/templates/a.json"
