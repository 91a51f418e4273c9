"""The OpenAPI file held to the running shop: whatever schemathesis makes of it is answered as the file says."""

from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import ignored_auth, missing_required_header

from tests.conftest import RunningShop
from tests.stack.contract import CHECKS, CONFIG, WITHOUT_COVERAGE

CONTRACT = Path(__file__).parents[2] / "functions/openapi.yaml"
schema = schemathesis.openapi.from_path(CONTRACT, config=CONFIG)
refused = schemathesis.openapi.from_path(CONTRACT, config=WITHOUT_COVERAGE)


INSIDE = r"^/staff/"
"""What lets nobody in who has no device: all of it is refused alike, and `test_contract_inside` asks the rest of it."""


def hold(case: schemathesis.Case, shop: RunningShop) -> None:
    """Asks the shop, and fails where it answers otherwise than the file says."""
    case.call_and_validate(
        base_url=f"{shop.url}/api", checks=[*CHECKS, missing_required_header, ignored_auth], allow_redirects=False
    )


@schema.exclude(path_regex=INSIDE).parametrize()
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_shop_answers_as_the_openapi_file_says(case: schemathesis.Case, shop: RunningShop) -> None:
    hold(case, shop)


@refused.include(path_regex=INSIDE).parametrize()
@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whoever_has_no_device_is_refused_as_the_openapi_file_says(case: schemathesis.Case, shop: RunningShop) -> None:
    hold(case, shop)
