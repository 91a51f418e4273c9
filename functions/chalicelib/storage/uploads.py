"""The bucket of photographs: what browsers may put there, and how they are shown one.

A browser sends a photograph to the bucket itself, by a form that is signed for one name, one type and a few minutes. It
lies under `raw/` until its bytes have been looked at; what is kept lies under `kept/`, and is read by a signed address.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import botocore.session
from botocore.auth import S3SigV4PostAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import Busy

TYPE = "image/jpeg"
SHOWN_AS = 'attachment; filename="photo.jpg"'
"""How a photograph is given out: pages show it, and whoever opens its address by itself is offered a file."""
MISSING = frozenset({"NoSuchKey", "404"})


class UploadStore:
    """The bucket behind `host`, such as <bucket>.s3.<region>.amazonaws.com; browsers reach it at `url`.

    `make` makes its client once it is needed: most requests need none, and it is slow to make.
    """

    def __init__(self, host: str, url: str, make: Callable[[], Any] | None = None) -> None:
        self.host, self.url, self.bucket = host, url, host.partition(".")[0]
        self._make = make
        self._made: Any = None
        self._session: Any = None

    def form(self, key: str, most: int, until: datetime) -> dict[str, str]:
        """Return the fields of a form that puts one object of this key, of 1 to `most` bytes, there until an instant.

        The form is posted to `url`, with these fields before that of the file. No other key, type or size is taken.
        """
        fields = {"key": key, "Content-Type": TYPE, "success_action_status": "204"}
        conditions = [
            {"bucket": self.bucket},
            *({name: value} for name, value in fields.items()),
            ["content-length-range", 1, most],
        ]
        request = AWSRequest("POST", f"https://{self.host}/")
        request.context["s3-presign-post-fields"] = fields
        request.context["s3-presign-post-policy"] = {
            "expiration": until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "conditions": conditions,
        }
        S3SigV4PostAuth(*self._signer()).add_auth(request)
        signed: dict[str, str] = request.context["s3-presign-post-fields"]
        return signed

    def address(self, key: str, lasts: timedelta) -> str:
        """Return where a browser is shown the object for so long, always as the same type."""
        given = {"response-content-type": TYPE, "response-content-disposition": SHOWN_AS}
        request = AWSRequest("GET", f"https://{self.host}/{quote(key)}", params=given)
        S3SigV4QueryAuth(*self._signer(), expires=int(lasts.total_seconds())).add_auth(request)
        found = urlsplit(str(request.url))
        return f"{self.url}{found.path}?{found.query}"

    def read(self, key: str, most: int) -> bytes | None:
        """Return an object, or its first `most` + 1 bytes; None where there is none. Raise Busy."""
        found: bytes | None = self._asked(
            lambda: self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read(most + 1)
        )
        return found

    def has(self, key: str) -> bool:
        """Return whether there is an object of this key. Raise Busy."""
        return self._asked(lambda: self._client.head_object(Bucket=self.bucket, Key=key)) is not None

    def write(self, key: str, data: bytes) -> None:
        """Keep a photograph. Raise Busy."""
        given = {"ContentType": TYPE, "ContentDisposition": SHOWN_AS, "CacheControl": "private, max-age=300"}
        self._asked(lambda: self._client.put_object(Bucket=self.bucket, Key=key, Body=data, **given))

    def delete(self, key: str) -> None:
        """Delete an object, if there is one. Raise Busy."""
        self._asked(lambda: self._client.delete_object(Bucket=self.bucket, Key=key))

    def keys(self, prefix: str) -> Iterator[str]:
        """Return the keys that begin so. Raise Busy."""
        wanted = {"Bucket": self.bucket, "Prefix": prefix}
        while page := self._asked(lambda: self._client.list_objects_v2(**wanted)):
            yield from [one["Key"] for one in page.get("Contents", [])]
            if not page.get("IsTruncated"):
                return
            wanted["ContinuationToken"] = page["NextContinuationToken"]

    @property
    def _client(self) -> Any:
        if self._made is None:
            assert self._make is not None, "the shop takes photographs"  # noqa: S101 - else nothing is asked
            self._made = self._make()
        return self._made

    def _signer(self) -> tuple[Any, str, str]:
        """Who signs, as botocore's clients find it; for which service, and in which region: the host names that."""
        if self._session is None:
            self._session = botocore.session.get_session()
        return self._session.get_credentials(), "s3", self.host.split(".")[2]

    def _asked(self, call: Callable[[], Any]) -> Any:
        """What the bucket answers; None where there is no such object."""
        try:
            return call()
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise Busy("photographs cannot be reached: ask again") from error
        except BotoCoreError as error:
            raise Busy("photographs cannot be reached: ask again") from error
