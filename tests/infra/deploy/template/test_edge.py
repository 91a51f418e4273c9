"""The buckets and the distribution before them: headers, keeping, errors."""

import json
from typing import Any

import pytest

from tests.infra.deploy.template.parts import Template, chosen, properties

CHINA, ABROAD = {"InChina"}, {"OutsideChina", "UsesAcm", "UsesSes"}


def test_the_bucket_is_the_edges_alone(template: Template) -> None:
    assert set(properties(template, "Site")["PublicAccessBlockConfiguration"].values()) == {True}
    for true in (CHINA, ABROAD):
        reads, tls_only = chosen(properties(template, "SitePolicy"), true)["PolicyDocument"]["Statement"]
        assert (reads["Effect"], reads["Action"]) == ("Allow", "s3:GetObject")
        assert (tls_only["Effect"], tls_only["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def reading(template: Template, true: set[str]) -> tuple[dict[str, Any], dict[str, Any], set[str]]:
    """How the site's origin is reached, who may read the bucket, and what of it the stack makes."""
    origin = chosen(properties(template, "Distribution"), true)["DistributionConfig"]["Origins"][0]
    reads = chosen(properties(template, "SitePolicy"), true)["PolicyDocument"]["Statement"][0]
    resources = template["Resources"]
    made = {name for name in ("EdgeAccess", "EdgeIdentity") if resources[name]["Condition"] in true}
    return origin, reads, made


def test_outside_china_this_distribution_alone_reads_the_bucket_by_an_access_control(template: Template) -> None:
    origin, reads, made = reading(template, ABROAD)
    assert made == {"EdgeAccess"}
    assert origin["OriginAccessControlId"] == {"Ref": "EdgeAccess"}
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""}
    assert reads["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    this = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    assert reads["Condition"] == {"StringEquals": {"AWS:SourceArn": {"Fn::Sub": this}}}
    access = properties(template, "EdgeAccess")["OriginAccessControlConfig"]
    assert (access["OriginAccessControlOriginType"], access["SigningBehavior"]) == ("s3", "always")


def test_in_china_the_edge_reads_the_bucket_by_its_identity(template: Template) -> None:
    origin, reads, made = reading(template, CHINA)
    assert made == {"EdgeIdentity"}
    assert "OriginAccessControlId" not in origin
    assert origin["S3OriginConfig"]["OriginAccessIdentity"]["Fn::Sub"].endswith("/${EdgeIdentity}")
    assert reads["Principal"]["AWS"]["Fn::Sub"].endswith(" ${EdgeIdentity}")
    assert "Condition" not in reads


@pytest.mark.parametrize(
    ("true", "certificate"),
    [
        (CHINA | {"HasDomain"}, {"IamCertificateId": {"Ref": "IamCertificateId"}}),
        (ABROAD | {"HasDomain"}, {"AcmCertificateArn": {"Ref": "AcmCertificateArn"}}),
    ],
)
def test_an_own_domain_comes_with_its_certificate_and_no_old_tls(
    template: Template, true: set[str], certificate: dict[str, Any]
) -> None:
    config = chosen(properties(template, "Distribution"), true)["DistributionConfig"]
    assert config["Aliases"] == [{"Ref": "Domain"}]
    tls = {"SslSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}
    assert config["ViewerCertificate"] == certificate | tls


def test_without_a_domain_the_edge_has_its_own_name_and_certificate(template: Template) -> None:
    config = chosen(properties(template, "Distribution"), {"OutsideChina"})["DistributionConfig"]
    assert not {"Aliases", "ViewerCertificate"} & {*config}


@pytest.mark.parametrize(
    ("named", "also", "photos"),
    [
        ("Headers", "", ""),
        ("PackingHeaders", " 'wasm-unsafe-eval'", ""),
        ("PhotoHeaders", "", " https://${Uploads.RegionalDomainName}"),
    ],
)
def test_pages_may_load_and_send_nothing_to_others(template: Template, named: str, also: str, photos: str) -> None:
    security = properties(template, named)["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    directives = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"].split("; ")
    policy = dict(directive.split(" ", 1) for directive in directives)
    assert policy.pop("default-src") == policy.pop("base-uri") == policy.pop("frame-ancestors") == "'none'"
    assert policy.pop("script-src") == f"${{ShopUrl}}/assets/{also}", "what a writer puts beside a story is no script"
    assert policy.pop("worker-src") == policy.pop("child-src") == "${ShopUrl}/sw.js"
    assert (policy.pop("require-trusted-types-for"), policy.pop("trusted-types")) == ("'script'", "worker data")
    assert policy.pop("img-src") == policy.pop("connect-src") == f"'self'{photos}"
    assert {*policy.values()} == {"'self'"}
    assert {"style-src", "form-action"} <= {*policy}
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "strict-origin-when-cross-origin"
    assert "ContentTypeOptions" in security


def test_the_packing_room_alone_may_look_through_the_camera(template: Template) -> None:
    for name, allowed in (
        ("Headers", "camera=(),"),
        ("PhotoHeaders", "camera=(),"),
        ("PackingHeaders", "camera=(self),"),
    ):
        [header] = properties(template, name)["ResponseHeadersPolicyConfig"]["CustomHeadersConfig"]["Items"]
        assert header["Header"] == "Permissions-Policy" and header["Value"].startswith(allowed)


OWN_HEADERS = {
    "/pack/*": "PackingHeaders",
    "/after/*": "PhotoHeaders",
    "/desk/*": "PhotoHeaders",
    "/products/*": "PhotoHeaders",
}
"""Pages that may do more than others, and by what."""


def behaviours(template: Template) -> dict[str, dict[str, Any]]:
    config = properties(template, "Distribution")["DistributionConfig"]
    return {"*": config["DefaultCacheBehavior"]} | {one["PathPattern"]: one for one in config["CacheBehaviors"]}


def test_every_answer_has_the_security_headers_and_none_comes_unencrypted(template: Template) -> None:
    for path, behaviour in behaviours(template).items():
        headers = OWN_HEADERS.get(path.removeprefix("/en"), "Headers")
        assert behaviour["ResponseHeadersPolicyId"] == {"Ref": headers}, path
        assert behaviour["ViewerProtocolPolicy"] in {"redirect-to-https", "https-only"}


def test_what_is_kept_for_all_is_asked_without_who_asks(template: Template) -> None:
    for path, behaviour in behaviours(template).items():
        policy = properties(template, behaviour["CachePolicyId"]["Ref"])["CachePolicyConfig"]
        key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
        assert key["HeadersConfig"] == {"HeaderBehavior": "none"}
        assert key["CookiesConfig"] == {"CookieBehavior": "none"}
        if policy["MaxTTL"]:
            assert "OriginRequestPolicyId" not in behaviour, path
        else:
            passed = "LanguageAlone" if path.lower() == "/q/?*" else "WholeRequest"
            assert behaviour["OriginRequestPolicyId"] == {"Ref": passed}, path


def test_calls_are_kept_only_where_they_are_the_same_for_everybody(template: Template) -> None:
    policies = {path: behaviour["CachePolicyId"]["Ref"] for path, behaviour in behaviours(template).items()}
    assert policies == {
        "*": "SiteCache",
        "/pack/*": "SiteCache",
        "/en/pack/*": "SiteCache",
        "/after/*": "SiteCache",
        "/en/after/*": "SiteCache",
        "/desk/*": "SiteCache",
        "/en/desk/*": "SiteCache",
        "/products/*": "SiteCache",
        "/en/products/*": "SiteCache",
        "/api/availability": "SharedCache",
        "/api/voices/*": "SharedCache",
        "/api/rooms/*/showing": "NoCache",
        "/api/rooms/*": "SharedCache",
        "/api/*": "NoCache",
        "/q/?*": "NoCache",
        "/Q/?*": "NoCache",
    }
    order = [*policies]  # the first that matches is taken
    assert order.index("/api/availability") < order.index("/api/*")
    assert order.index("/api/voices/*") < order.index("/api/*")
    assert order.index("/api/rooms/*/showing") < order.index("/api/rooms/*") < order.index("/api/*")
    assert properties(template, "SharedCache")["CachePolicyConfig"]["DefaultTTL"] == 0


def test_short_links_get_the_stage_that_calls_have_in_their_path(template: Template) -> None:
    config = properties(template, "Distribution")["DistributionConfig"]
    paths = {origin["Id"]: origin.get("OriginPath", "") for origin in config["Origins"]}
    assert paths == {"site": "", "api": "", "links": "/api", "stand-ins": "/links"}
    targets = {path: behaviour["TargetOriginId"] for path, behaviour in behaviours(template).items()}
    assert (targets["*"], targets["/api/*"], targets["/q/?*"]) == ("site", "api", "links-or-stand-ins")
    assert targets["/q/?*"] == targets["/Q/?*"]


def test_a_scan_leads_into_the_site_where_the_api_is_away(template: Template) -> None:
    config = properties(template, "Distribution")["DistributionConfig"]
    [group] = config["OriginGroups"]["Items"]
    assert [one["OriginId"] for one in group["Members"]["Items"]] == ["links", "stand-ins"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [500, 502, 503, 504]
    [links] = [origin for origin in config["Origins"] if origin["Id"] == "links"]
    assert (
        links["ConnectionAttempts"] * links["ConnectionTimeout"] + links["CustomOriginConfig"]["OriginReadTimeout"] < 10
    )
    for path in ("/q/?*", "/Q/?*"):  # CloudFront refuses a group that could be written to
        assert behaviours(template)[path]["AllowedMethods"] == ["GET", "HEAD"]
    passed = properties(template, "LanguageAlone")["OriginRequestPolicyConfig"]
    assert passed["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Accept-Language"]}
    assert passed["CookiesConfig"] == {"CookieBehavior": "none"}
    assert passed["QueryStringsConfig"] == {"QueryStringBehavior": "none"}


def test_the_edge_keeps_no_error_of_the_api(template: Template) -> None:
    config = properties(template, "Distribution")["DistributionConfig"]
    seconds = {one["ErrorCode"]: one["ErrorCachingMinTTL"] for one in config["CustomErrorResponses"]}
    assert {404, 500, 502, 503, 504} <= {code for code, kept in seconds.items() if kept == 0}
    assert [one["ErrorCode"] for one in config["CustomErrorResponses"] if "ResponsePagePath" in one] == [403]


def test_photographs_lie_in_a_bucket_that_nobody_can_look_into(template: Template) -> None:
    bucket = properties(template, "Uploads")
    assert {*bucket["PublicAccessBlockConfiguration"].values()} == {True}
    assert template["Resources"]["Uploads"]["DeletionPolicy"] == "Retain"
    [rule] = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], rule["ExpirationInDays"], rule["Status"]) == ("raw/", 1, "Enabled")
    [cors] = bucket["CorsConfiguration"]["CorsRules"]
    assert (cors["AllowedOrigins"], cors["AllowedMethods"]) == ([{"Ref": "ShopUrl"}], ["POST"])
    policy = properties(template, "UploadsPolicy")
    [tls] = policy["PolicyDocument"]["Statement"]
    assert (policy["Bucket"], tls["Effect"]) == ({"Ref": "Uploads"}, "Deny")
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    origins = json.dumps(properties(template, "Distribution")["DistributionConfig"]["Origins"])
    assert "Uploads" not in origins, "what strangers have sent never comes from the shop's own address"
