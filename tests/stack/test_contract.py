"""The OpenAPI file held to the running shop: whatever schemathesis makes of it is answered as the file says."""

from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import ignored_auth, missing_required_header

from tests.conftest import RunningShop
from tests.stack.contract import CHECKS, CONFIG

schema = schemathesis.openapi.from_path(Path(__file__).parents[2] / "functions/openapi.yaml", config=CONFIG)


@schema.parametrize()
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_shop_answers_as_the_openapi_file_says(case: schemathesis.Case, shop: RunningShop) -> None:
    case.call_and_validate(
        base_url=f"{shop.url}/api", checks=[*CHECKS, missing_required_header, ignored_auth], allow_redirects=False
    )
