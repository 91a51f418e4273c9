"""The bucket that CloudFormation reads code and templates from: the account's own, or nothing is laid into it.

Its name can be guessed, and whoever made it first could change what is run with the deployer's permissions. So each
call names the account that must own it.
"""

import hashlib
from http import HTTPStatus

from botocore.config import Config
from botocore.exceptions import ClientError

from cunbo.core.cloud import Cloud
from cunbo.core.refusal import Refusal

FOLDERS = ("functions", "templates")
DAYS = 90
"""How long what no deployment uses any more is kept."""


class CodeBucket:
    """The bucket of the account and region that `cloud` speaks for."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.s3 = cloud.client("s3")
        self.region = self.s3.meta.region_name
        self.account = cloud.account()
        self.name = f"cunbo-code-{self.account}-{self.region}"
        self.owned = {"Bucket": self.name, "ExpectedBucketOwner": self.account}

    def prepare(self, kept: str | None) -> None:
        """Make it where it is missing, and let what is old go, but for the key `kept`, which a rollback would need.

        Raises Refusal where it is somebody else's.
        """
        if not self._is_there():
            self._create()
        rules = [
            {
                "ID": folder,
                "Filter": {"Prefix": f"{folder}/"},
                "Status": "Enabled",
                "Expiration": {"Days": DAYS},
                "NoncurrentVersionExpiration": {"NoncurrentDays": DAYS},
            }
            for folder in FOLDERS
        ]
        self.s3.put_bucket_lifecycle_configuration(**self.owned, LifecycleConfiguration={"Rules": rules})
        if kept:
            self._renew(kept)

    def put(self, folder: str, ending: str, content: bytes) -> str:
        """Lay `content` into one of FOLDERS, and return its key."""
        key = f"{folder}/{hashlib.sha256(content).hexdigest()}{ending}"
        self.s3.put_object(**self.owned, Key=key, Body=content)
        return key

    def url(self, key: str) -> str:
        """Return where CloudFormation finds this key."""
        if self.cloud.endpoint:
            return f"{self.cloud.endpoint}/{self.name}/{key}"
        regional = self.cloud.client("s3", Config(s3={"us_east_1_regional_endpoint": "regional"}))
        return f"https://{self.name}.{regional.meta.endpoint_url.removeprefix('https://')}/{key}"

    def _is_there(self) -> bool:
        try:
            self.s3.head_bucket(**self.owned)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == HTTPStatus.NOT_FOUND:
                return False
            if status == HTTPStatus.FORBIDDEN:
                raise self._not_ours() from error
            raise
        return True

    def _create(self) -> None:
        # us-east-1 is the one region that must not be named.
        where = {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
        try:
            self.s3.create_bucket(Bucket=self.name, **({} if self.region == "us-east-1" else where))
        except ClientError as error:
            if error.response["Error"]["Code"] == "BucketAlreadyExists":
                raise self._not_ours() from error
            if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":  # another deployment was faster
                raise

    def _renew(self, key: str) -> None:
        """Make an object as young as one that was laid here now; one that has gone stays so."""
        try:
            self.s3.copy_object(
                **self.owned,
                Key=key,
                CopySource={"Bucket": self.name, "Key": key},
                ExpectedSourceBucketOwner=self.account,
                MetadataDirective="REPLACE",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("NoSuchKey", "404"):
                raise

    def _not_ours(self) -> Refusal:
        return Refusal(
            f"the bucket {self.name} is not one that the account {self.account} owns and you may list, so no code was"
            " laid into it: if it is the account's, allow yourself s3:ListBucket on it; if it is somebody else's,"
            " deploy to another region (AWS_REGION), and tell AWS' support that its name was taken"
        )
