"""The edge as the deployed template configures it: which path goes where, what may be kept, which headers it adds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Origin:
    """Where requests are sent: `host` is the Host header that the origin answers to, `path` comes before each path."""

    host: str
    path: str = ""
    api: bool = False
    patience: float = 30.0
    """Seconds within which it must answer."""
    headers: tuple[tuple[str, str], ...] = ()
    """Headers that the edge adds to each request."""


@dataclass(frozen=True)
class CachePolicy:
    """How long answers are kept, in seconds; the origin's Cache-Control decides between `min_ttl` and `max_ttl`."""

    min_ttl: int
    default_ttl: int
    max_ttl: int
    by_query: frozenset[str] = frozenset()
    """Names of the query that make another answer; no other name reaches the origin."""

    def query(self, raw: str) -> str:
        """Return what counts of a viewer's query, as it was written."""
        parts = raw.split("&") if self.by_query else []
        return "&".join(part for part in parts if unquote(part.partition("=")[0]) in self.by_query)


@dataclass(frozen=True)
class Behaviour:
    """What happens to the paths that match `pattern`; `cache_policy` is None where nothing is ever kept."""

    pattern: str
    origin: Origin
    methods: frozenset[str] = READS
    cache_policy: CachePolicy | None = None
    compress: bool = False
    fallback: Origin | None = None
    """Where a read goes when the origin is away, or answers with one of the statuses `fails`."""
    fails: frozenset[int] = frozenset()
    whole: bool = False
    """Whether the viewer's own query and headers, Authorization and cookies among them, reach the origin."""
    headers: frozenset[str] = frozenset()
    """Names, in small letters, of the viewer's headers that reach the origin where not the whole request does."""
    adds: Mapping[str, str] = field(default_factory=dict)
    """Headers that every response gets, instead of those of the distribution."""

    def matches(self, path: str) -> bool:
        """Return whether this behaviour is for `path`: * stands for any characters, slashes too, and ? for one."""
        parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in self.pattern)
        return re.fullmatch("".join(parts), path, re.DOTALL) is not None


@dataclass(frozen=True)
class Distribution:
    """A distribution: its behaviours in order, the last one for all paths that are left."""

    behaviours: tuple[Behaviour, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    """Pages instead of errors: the status that is sent and the page's path, by the origin's status."""
    uploads: Origin | None = None
    """The bucket of photographs, which browsers reach without the edge, and on this machine through the front."""

    def behaviour(self, path: str) -> Behaviour:
        """Return the first behaviour for `path`."""
        return next(behaviour for behaviour in self.behaviours if behaviour.matches(path))


def read(cloudfront: Any, distribution: str, domain: str, gateway: str) -> Distribution:
    """Read the distribution with this id; `domain` and `gateway` are the local hosts of its site and its API."""
    config = cloudfront.get_distribution_config(Id=distribution)["DistributionConfig"]
    origins = {item["Id"]: _origin(item, domain, gateway) for item in config["Origins"]["Items"]}
    groups = {item["Id"]: item for item in config["OriginGroups"].get("Items", [])}
    items = [*config["CacheBehaviors"]["Items"], {**config["DefaultCacheBehavior"], "PathPattern": "*"}]
    return Distribution(
        behaviours=tuple(_behaviour(cloudfront, item, origins, groups) for item in items),
        headers=_headers(cloudfront, config["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]),
        pages={
            item["ErrorCode"]: (int(item["ResponseCode"]), item["ResponsePagePath"])
            for item in config["CustomErrorResponses"]["Items"]
            if item.get("ResponsePagePath")
        },
    )


def _origin(item: Mapping[str, Any], domain: str, gateway: str) -> Origin:
    if "S3OriginConfig" in item:
        return Origin(domain, item.get("OriginPath", ""))
    patience = item["CustomOriginConfig"].get("OriginReadTimeout", Origin.patience)
    added = tuple((one["HeaderName"], one["HeaderValue"]) for one in item.get("CustomHeaders", {}).get("Items", []))
    return Origin(gateway, item.get("OriginPath", ""), api=True, patience=float(patience), headers=added)


def _behaviour(
    cloudfront: Any, item: Mapping[str, Any], origins: Mapping[str, Origin], groups: Mapping[str, Any]
) -> Behaviour:
    group = groups.get(item["TargetOriginId"])
    members = [one["OriginId"] for one in group["Members"]["Items"]] if group else [item["TargetOriginId"]]
    whole, headers = _passed(cloudfront, item.get("OriginRequestPolicyId", ""))
    return Behaviour(
        pattern=item["PathPattern"],
        origin=origins[members[0]],
        fallback=origins[members[1]] if group else None,
        fails=frozenset(map(int, group["FailoverCriteria"]["StatusCodes"]["Items"])) if group else frozenset(),
        methods=frozenset(item["AllowedMethods"]["Items"]),
        cache_policy=_cache_policy(
            cloudfront.get_cache_policy(Id=item["CachePolicyId"])["CachePolicy"]["CachePolicyConfig"]
        ),
        compress=item["Compress"],
        whole=whole,
        headers=headers,
        adds=_headers(cloudfront, item["ResponseHeadersPolicyId"]),
    )


def _passed(cloudfront: Any, policy: str) -> tuple[bool, frozenset[str]]:
    """Return whether the whole of a viewer's request is passed on, and if not, which of its headers."""
    if not policy:
        return False, frozenset()
    found = cloudfront.get_origin_request_policy(Id=policy)["OriginRequestPolicy"]["OriginRequestPolicyConfig"]
    headers = found["HeadersConfig"]
    if headers["HeaderBehavior"] == "allExcept":
        return True, frozenset()
    return False, frozenset(name.lower() for name in headers["Headers"]["Items"])


def _cache_policy(policy: Mapping[str, Any]) -> CachePolicy | None:
    if policy["MaxTTL"] == 0:
        return None
    query = policy["ParametersInCacheKeyAndForwardedToOrigin"]["QueryStringsConfig"]
    names = frozenset(query.get("QueryStrings", {}).get("Items", []))
    return CachePolicy(policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"], names)


def _headers(cloudfront: Any, policy: str) -> dict[str, str]:
    """Return the headers that the policy adds to every response."""
    found = cloudfront.get_response_headers_policy(Id=policy)["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
    return policy_headers(found)


def policy_headers(found: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a response headers policy, as CloudFront's API and the template alike have it."""
    security = found["SecurityHeadersConfig"]
    return {
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "Strict-Transport-Security": f"max-age={security['StrictTransportSecurity']['AccessControlMaxAgeSec']}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        **{item["Header"]: item["Value"] for item in found["CustomHeadersConfig"]["Items"]},
    }
