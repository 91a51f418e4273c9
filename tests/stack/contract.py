"""What schemathesis checks of every answer, whoever asks."""

from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
REFUSALS = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "5xx"]
"""What bad data may be answered with: what schemathesis takes for a refusal, and that a body is too large."""
SETTINGS = {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
CONFIG = SchemathesisConfig.from_dict(SETTINGS)
WITHOUT_COVERAGE = SchemathesisConfig.from_dict(SETTINGS | {"phases": {"coverage": {"enabled": False}}})
"""The same without the phase that tries each bound of each field: for what is refused before any field is read."""
