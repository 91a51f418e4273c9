"""An answer on its way through the front: what may be kept of it, and in which form a browser gets it."""

import gzip
import json
import re
from dataclasses import dataclass, replace
from http import HTTPStatus

import brotli
from multidict import CIMultiDict

from cunbo.edge.config import CachePolicy

COMPRESSED_FROM, COMPRESSED_TO = 1_000, 10_000_000
"""The sizes in bytes that CloudFront compresses (Developer Guide, "Serve compressed files")."""
COMPRESSIBLE = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml|javascript|manifest\+json|wasm)|image/svg\+xml")
RANGE = re.compile(r"bytes=(?=.*\d)(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True)
class EdgeResponse:
    """Status, headers and body. Its headers must not be changed, since several requests may share it."""

    status: int
    headers: CIMultiDict[str]
    body: bytes = b""


def problem(status: int, detail: str, **headers: str) -> EdgeResponse:
    """Return a problem (RFC 9457) of the proxy itself."""
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = CIMultiDict({"Content-Type": "application/problem+json", "Cache-Control": "no-store", **names})
    return EdgeResponse(status, fields, json.dumps(said, ensure_ascii=False).encode())


def cache_seconds(response: EdgeResponse, cache_policy: CachePolicy) -> int:
    """Return the seconds that the edge may keep `response`; 0 for not at all."""
    if response.status != HTTPStatus.OK or "Set-Cookie" in response.headers:
        return 0
    said = response.headers.get("Cache-Control", "").lower()
    if re.search(r"no-store|no-cache|private", said):
        return cache_policy.min_ttl
    age = re.search(r"s-maxage=(\d+)", said) or re.search(r"max-age=(\d+)", said)
    return min(max(int(age[1]) if age else cache_policy.default_ttl, cache_policy.min_ttl), cache_policy.max_ttl)


def encoding(accepted: str) -> str:
    """Return the encoding for this Accept-Encoding: br before gzip, or empty for none."""
    offers = dict(offer.replace(" ", "").lower().partition(";q=")[::2] for offer in accepted.split(","))
    return next((name for name in ("br", "gzip") if name in offers and not re.fullmatch(r"0(\.0*)?", offers[name])), "")


def compressed(response: EdgeResponse, coding: str) -> EdgeResponse:
    """Return the response compressed as `coding` where the edge would compress it."""
    kind = response.headers.get("Content-Type", "")
    if (
        not coding
        or response.status != HTTPStatus.OK
        or "Content-Encoding" in response.headers
        or not COMPRESSIBLE.match(kind)
        or not COMPRESSED_FROM <= len(response.body) <= COMPRESSED_TO
    ):
        return response
    headers = response.headers.copy()
    headers["Content-Encoding"] = coding
    headers["Vary"] = "Accept-Encoding"
    if "ETag" in headers and not headers["ETag"].startswith("W/"):
        headers["ETag"] = f"W/{headers['ETag']}"  # other bytes, same meaning
    body = brotli.compress(response.body, quality=5) if coding == "br" else gzip.compress(response.body, 6, mtime=0)
    return EdgeResponse(response.status, headers, body)


def partial(response: EdgeResponse, wanted: str, known: str) -> EdgeResponse:
    """Return the part of a response that a browser asks for: `wanted` is its Range, `known` its If-Range.

    One range of bytes is understood; to anything else the whole is a right answer (RFC 9110, section 14.2).
    """
    if response.status != HTTPStatus.OK:
        return response
    headers, size = response.headers.copy(), len(response.body)
    headers["Accept-Ranges"] = "bytes"
    span = _span(wanted, size)
    if span is None or (known and known not in (headers.get("ETag"), headers.get("Last-Modified"))):
        return replace(response, headers=headers)
    first, last = span
    if first > last:
        headers["Content-Range"] = f"bytes */{size}"
        return EdgeResponse(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers)
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return EdgeResponse(HTTPStatus.PARTIAL_CONTENT, headers, response.body[first : last + 1])


def unchanged(response: EdgeResponse, known: str) -> EdgeResponse:
    """Return 304 instead of a response that the browser has: `known` is its If-None-Match."""
    tag = response.headers.get("ETag", "")
    if response.status != HTTPStatus.OK or not tag or tag.removeprefix("W/") not in known.replace("W/", ""):
        return response
    headers = response.headers.copy()
    for name in ("Content-Type", "Content-Encoding"):
        headers.pop(name, None)
    return replace(response, status=HTTPStatus.NOT_MODIFIED, headers=headers, body=b"")


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte, the first behind the last where there is no such part; None for no single range."""
    found = RANGE.fullmatch(wanted)
    if not found:
        return None
    first, last = found.groups()
    if not first:
        return max(size - int(last), 0), size - 1  # so many bytes from the end
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1
