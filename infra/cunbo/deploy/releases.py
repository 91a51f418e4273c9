"""The last releases of a stage: what was sold and shown, kept in the account's code bucket so that it can come back.

A release is a list of what the site held, by digest, and the digest of its catalogue. What the site's bucket holds
still is not stored twice: a file is copied here when it is about to be replaced. So each digest that a kept release
names lies either in the site's bucket or here.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from cunbo.core.refusal import Refusal
from cunbo.deploy.code_bucket import CodeBucket
from cunbo.deploy.site import HASHED
from cunbo.deploy.site_bucket import SiteBucket, SiteChange, each

MOST = 10
"""How many releases are kept beside the one that is live."""


class Release(msgspec.Struct, frozen=True):
    """What a stage sold and showed: `catalogue` and `site` are digests (SHA-256; MD5 by key), `program` its functions'.

    `at` is when it went live last, and `by` who published it; empty where that was a deployment.
    """

    program: str
    catalogue: str
    site: dict[str, str]
    at: datetime
    by: str = ""

    @property
    def id(self) -> str:
        """Its name: equal for what is equal. Hashed assets do not count: pages name those that they need."""
        pages = sorted((key, digest) for key, digest in self.site.items() if not HASHED.match(key))
        return hashlib.sha256(msgspec.json.encode([self.program, self.catalogue, pages])).hexdigest()[:12]


class Releases:
    """The releases that are kept of one stage."""

    def __init__(self, bucket: CodeBucket, stage: str) -> None:
        self.s3, self.owned, self.name = bucket.s3, bucket.owned, bucket.name
        self.account, self.folder = bucket.account, f"releases/{stage}"

    def kept(self) -> list[Release]:
        """Return the releases, the newest first."""
        found = [msgspec.json.decode(self._read(key), type=Release) for key in self._keys("lists")]
        return sorted(found, key=lambda release: release.at, reverse=True)

    def catalogue(self, release: Release) -> bytes:
        """Return what a kept release sold."""
        return self._read(f"{self.folder}/catalogues/{release.catalogue}.json")

    def keep(self, live: Release, catalogue: bytes, site: SiteBucket, change: SiteChange) -> None:
        """Store what is live, as far as the change would replace or delete it."""
        here = {key.rpartition("/")[2] for key in self._keys("files")}
        going = {live.site[key]: key for key in (*change.assets, *change.pages, *change.gone) if key in live.site}
        missing = {key: digest for digest, key in going.items() if digest not in here}
        each(lambda key: self._copy(site, key, missing[key]), missing)
        self.enter(live, catalogue)

    def enter(self, release: Release, catalogue: bytes) -> None:
        """Enter a release; one that is kept already stays as it is, unless somebody publishes it anew."""
        if not release.by and release.id in {one.id for one in self.kept()}:
            return
        self._write(f"catalogues/{release.catalogue}.json", catalogue)
        self._write(f"lists/{release.id}.json", msgspec.json.encode(release))

    def source(self, digest: str) -> dict[str, str]:
        """Return where a stored file lies, as S3 names what is to be copied."""
        return {"Bucket": self.name, "Key": f"{self.folder}/files/{digest}"}

    def read(self, digest: str) -> bytes:
        """Return what a stored file holds."""
        return self._read(self.source(digest)["Key"])

    def lost(self, release: Release, live: Mapping[str, str]) -> set[str]:
        """Return the digests that a release names and that lie nowhere any more."""
        here = {key.rpartition("/")[2] for key in self._keys("files")}
        return {digest for key, digest in release.site.items() if digest not in here and live.get(key) != digest}

    def find(self, name: str) -> Release:
        """Return the kept release whose name begins so; raises Refusal where none does, or several."""
        found = [release for release in self.kept() if name and release.id.startswith(name)]
        if len(found) != 1:
            raise Refusal(f"there is no release {name}: `cunbo publish --list` has their names")
        return found[0]

    def tidy(self, live: Release) -> None:
        """Forget all but what is live and the MOST before it."""
        before = [release for release in self.kept() if release.id != live.id]
        kept = [live, *before[:MOST]]
        for release in before[MOST:]:
            self._remove(f"{self.folder}/lists/{release.id}.json")
        digests = {digest for release in kept for digest in release.site.values()}
        catalogues = {f"{release.catalogue}.json" for release in kept}
        for folder, named in (("files", digests), ("catalogues", catalogues)):
            each(self._remove, [key for key in self._keys(folder) if key.rpartition("/")[2] not in named])

    def _keys(self, folder: str) -> Iterable[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(**self.owned, Prefix=f"{self.folder}/{folder}/")
        return [entry["Key"] for page in pages for entry in page.get("Contents", ())]

    def _copy(self, site: SiteBucket, key: str, digest: str) -> None:
        """Copy an object of the site here, unless it is another one by now."""
        source = {"Bucket": site.name, "Key": key}
        try:
            self.s3.copy_object(
                **self.owned,
                **{"Key": f"{self.folder}/files/{digest}", "CopySource": source, "CopySourceIfMatch": f'"{digest}"'},
                ExpectedSourceBucketOwner=self.account,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in ("PreconditionFailed", "NoSuchKey", "404", "412"):
                raise Refusal(
                    "somebody else publishes at this moment: look at what is live, and publish again"
                ) from None
            raise

    def _read(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(**self.owned, Key=key)["Body"].read()
        return content

    def _write(self, name: str, content: bytes) -> None:
        self.s3.put_object(**self.owned, Key=f"{self.folder}/{name}", Body=content)

    def _remove(self, key: str) -> Any:
        return self.s3.delete_object(**self.owned, Key=key)
