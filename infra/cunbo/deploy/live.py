"""What is live in a stage: its functions' code with the catalogue that they sell from, and what its site shows."""

import hashlib
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from botocore.exceptions import ClientError

from cunbo.core.cloud import Cloud
from cunbo.core.refusal import Refusal
from cunbo.deploy.code_bucket import CodeBucket
from cunbo.deploy.package import catalogue_of, program_of
from cunbo.deploy.releases import Release, Releases
from cunbo.deploy.site_bucket import SiteBucket, SiteChange
from cunbo.deploy.stack import Outputs, Stack


@dataclass(frozen=True)
class LiveShop:
    """A stage as it was when it was read: `code` is its functions' zip, which lies at `key` of the code bucket."""

    code_bucket: CodeBucket
    releases: Releases
    site: SiteBucket
    key: str
    code: bytes
    release: Release

    @cached_property
    def catalogue(self) -> bytes:
        """Return the catalogue that is sold from."""
        return catalogue_of(self.code)

    def keep(self, change: SiteChange) -> None:
        """Keep this release, before a change replaces some of it."""
        if change.pages or change.gone:
            self.releases.keep(self.release, self.catalogue, self.site, change)


def find_live(cloud: Cloud, stack: Stack) -> LiveShop | None:
    """Return what is live in a stage; None where nothing is deployed yet, or its code is gone or cannot be read."""
    parameters = stack.parameters()
    if "CodeKey" not in parameters:
        return None
    bucket, key = CodeBucket(cloud), parameters["CodeKey"]
    try:
        code = bucket.s3.get_object(**bucket.owned, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "NoSuchBucket", "404"):
            return None
        raise
    site = site_bucket(cloud, stack.outputs())
    shown = site.live()
    if not shown:
        return None
    try:
        catalogue, program = hashlib.sha256(catalogue_of(code)).hexdigest(), program_of(code)
    except (zipfile.BadZipFile, KeyError):
        return None
    release = Release(program, catalogue, shown, max(site.modified[one] for one in shown))
    return LiveShop(bucket, Releases(bucket, stack.stage), site, key, code, release)


def read_live(cloud: Cloud, stack: Stack) -> LiveShop:
    """Return what is live in a stage; raises Refusal where it cannot be told."""
    found = find_live(cloud, stack)
    if found is None:
        remedy = "restart `make up`" if cloud.endpoint else f"run `make deploy STAGE={stack.stage}`"
        raise Refusal(f"nothing is live in the stage {stack.stage} that could be changed: {remedy}")
    return found


def site_bucket(cloud: Cloud, outputs: Mapping[str, str]) -> SiteBucket:
    """Return the bucket of a stage's site."""
    return SiteBucket(cloud.client("s3"), outputs["SiteBucket"], cloud.account())


def refresh_edge(cloud: Cloud, outputs: Outputs) -> None:
    """Have the edge ask anew for all that it keeps."""
    cloud.client("cloudfront").create_invalidation(
        DistributionId=outputs["DistributionId"],
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": f"{time.time_ns()}"},
    )
