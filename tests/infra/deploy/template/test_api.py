"""The gateway: what it slows down, and how it refuses."""

import json

import yaml
from cunbo.core.paths import ROOT

from tests.infra.deploy.template.parts import Template, properties

CONTRACT = yaml.load((ROOT / "functions/openapi.yaml").read_text(), yaml.CSafeLoader)


def test_what_strangers_may_ask_for_is_slowed_before_a_function_runs(template: Template) -> None:
    settings = properties(template, "RestAPI")["MethodSettings"]
    slowed = {(one["HttpMethod"], one["ResourcePath"]) for one in settings}
    assert slowed == {("POST", path) for path in ("/checkout", "/waitlist", "/orders/find", "/staff/enrol", "/scans")}
    assert slowed <= {(method.upper(), path) for path, one in CONTRACT["paths"].items() for method in one}
    assert all(0 < one["ThrottlingRateLimit"] <= one["ThrottlingBurstLimit"] <= 5_000 for one in settings)


def test_every_refusal_of_the_gateway_is_a_problem(template: Template) -> None:
    responses = properties(template, "RestAPI")["GatewayResponses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN"} <= {*responses}
    for response in responses.values():
        assert response["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
        text = response["ResponseTemplates"]["application/json"].replace("$context.error.messageString", '"x"')
        said = json.loads(text)
        assert {*said} == {"type", "title", "status", "detail"}
        assert said["status"] == int(response["StatusCode"])


def test_what_the_api_does_not_know_is_not_found_rather_than_forbidden(template: Template) -> None:
    """A 403 would become the site's own page, see CustomErrorResponses."""
    responses = properties(template, "RestAPI")["GatewayResponses"]
    assert responses["MISSING_AUTHENTICATION_TOKEN"]["StatusCode"] == "404"
    assert "403" not in {response["StatusCode"] for response in responses.values()}


def test_the_api_is_regional_and_its_stage_is_the_first_part_of_its_paths(template: Template) -> None:
    api = properties(template, "RestAPI")
    assert (api["EndpointConfiguration"], api["StageName"]) == ("REGIONAL", "api")
