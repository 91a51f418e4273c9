"""The bucket that a stage's site lies in: what it holds, and how a built site comes into it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from chalicelib.domain.desk.kept import FILE as OPEN_BOOKS

from cunbo.deploy.site import HASHED, PROOFS, TYPES, cache_control, keys_of, may_go

AT_ONCE = 8
"""How many objects are written or read at a time."""


class SiteChange(NamedTuple):
    """What must be done to a bucket: the keys to write, assets before pages, and those to delete in the end."""

    assets: list[str]
    pages: list[str]
    gone: list[str]

    def __len__(self) -> int:
        return len(self.assets) + len(self.pages) + len(self.gone)


class SiteBucket:
    """The bucket of this name, which the account `owner` must own, by a client of S3."""

    def __init__(self, s3: Any, bucket: str, owner: str) -> None:
        self.s3, self.name, self.owner = s3, bucket, owner
        self.owned = {"Bucket": bucket, "ExpectedBucketOwner": owner}
        self.modified: dict[str, datetime] = {}

    def live(self) -> dict[str, str]:
        """Return the MD5 of all that it holds, by key, but for what is no part of a build: open books and proofs."""
        listed = self.s3.get_paginator("list_objects_v2").paginate(**self.owned)
        there = {entry["Key"]: entry for page in listed for entry in page.get("Contents", ())}
        self.modified = {key: entry["LastModified"] for key, entry in there.items()}
        return {key: entry["ETag"].strip('"') for key, entry in there.items() if not _is_apart(key)}

    def change(self, live: Mapping[str, str], wanted: Mapping[str, str]) -> SiteChange:
        """Return what makes the bucket hold what is wanted, both as MD5 by key; `live` is as it was read last."""
        changed = [key for key, digest in wanted.items() if live.get(key) != digest]
        now = datetime.now(UTC)
        gone = [key for key in live if key not in wanted and may_go(key, now - self.modified[key])]
        assets = [key for key in changed if HASHED.match(key)]
        return SiteChange(assets, [key for key in changed if not HASHED.match(key)], gone)

    def put(self, key: str, path: Path) -> None:
        """Write an object from the file of a built site."""
        self.s3.put_object(**self.owned, Key=key, Body=path.read_bytes(), **_headers(key, path.name))

    def read(self, key: str) -> bytes:
        """Return what an object holds."""
        content: bytes = self.s3.get_object(**self.owned, Key=key)["Body"].read()
        return content

    def copy(self, key: str, source: Mapping[str, str]) -> None:
        """Write an object from another one, which its bucket and key name, without its bytes coming here."""
        self.s3.copy_object(
            **self.owned,
            Key=key,
            CopySource=source,
            ExpectedSourceBucketOwner=self.owner,
            MetadataDirective="REPLACE",
            **_headers(key, key),
        )

    def remove(self, key: str) -> None:
        """Delete an object."""
        self.s3.delete_object(**self.owned, Key=key)


def files(site: Path) -> dict[str, Path]:
    """Return the files of a built site by their keys in the bucket, without the open books, which are never rebuilt."""
    found = (path for path in sorted(site.rglob("*")) if path.is_file())
    return {key: path for path in found for key in keys_of(path.relative_to(site)) if key != OPEN_BOOKS}


def digests(found: Mapping[str, Path]) -> dict[str, str]:
    """Return the MD5 of each file, as S3 tells it of its objects."""
    known: dict[Path, str] = {}  # a page lies at three keys
    for path in found.values():
        if path not in known:
            known[path] = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    return {key: known[path] for key, path in found.items()}


def upload(site: Path, bucket: SiteBucket, keep: Callable[[SiteChange], object] = len) -> int:
    """Make the bucket hold what `site` holds, and return how many objects had to change.

    `keep` is told first what will. The open books are written once, empty, and then left to the night's job.
    """
    found = files(site)
    change = bucket.change(bucket.live(), digests(found))
    keep(change)
    books = site / OPEN_BOOKS
    first = books.is_file() and OPEN_BOOKS not in bucket.modified
    if first:
        bucket.put(OPEN_BOOKS, books)
    for keys in (change.assets, change.pages):  # no page may name what is not there yet
        each(lambda key: bucket.put(key, found[key]), keys)
    each(bucket.remove, change.gone)
    return len(change) + first


def each(act: Callable[[str], object], keys: Iterable[str]) -> None:
    """Do something with each key, some at a time; raises what the first of them raises, and begins no more then."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for _ in pool.map(act, keys):
                pass
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def read_all(bucket: SiteBucket, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield what each of these objects holds, some read at a time."""
    wanted = [*keys]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from zip(wanted, pool.map(bucket.read, wanted), strict=True)


def _is_apart(key: str) -> bool:
    return key == OPEN_BOOKS or PROOFS.fullmatch(key) is not None


def _headers(key: str, name: str) -> dict[str, str]:
    """Return an object's headers; a page is also found at its folder, whose key has no ending."""
    suffix = PurePosixPath(name).suffix.lower() or ("" if "." in name.rpartition("/")[2] else ".html")
    kind = TYPES.get(suffix, "application/octet-stream")
    return {"ContentType": kind, "CacheControl": cache_control(key)}
