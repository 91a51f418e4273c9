"""The OpenAPI file held to the running shop: whatever schemathesis makes of it is answered as the file says."""

from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import RunningShop

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    ignored_auth,
]
schema = schemathesis.openapi.from_path(Path(__file__).parents[2] / "functions/openapi.yaml")


@schema.parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_shop_answers_as_the_openapi_file_says(case: schemathesis.Case, shop: RunningShop) -> None:
    case.call_and_validate(base_url=f"{shop.url}/api", checks=CHECKS, allow_redirects=False)
