"""API Gateway's own refusals, said as the template says them: MiniStack knows when to refuse, not the words."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from multidict import CIMultiDict

from cunbo.edge.response import EdgeResponse

KINDS = {
    "MissingAuthenticationTokenException": "MISSING_AUTHENTICATION_TOKEN",
    "RequestTooLargeException": "REQUEST_TOO_LARGE",
    "UnsupportedMediaTypeException": "UNSUPPORTED_MEDIA_TYPE",
    "TooManyRequestsException": "THROTTLED",
}
"""The template's names of refusals, by the header x-amzn-ErrorType."""


class GatewayResponses:
    """The gateway responses of a packaged template."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self.responses = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]

    def with_template_words(self, response: EdgeResponse) -> EdgeResponse:
        """Return `response` itself where a function gave it, else the template's response for that refusal."""
        name = self._kind(response)
        if name is None:
            return response
        gateway_response = self.responses[name]
        headers = gateway_response["ResponseParameters"]["Headers"].items()
        template = gateway_response["ResponseTemplates"]["application/json"]
        return EdgeResponse(
            int(gateway_response["StatusCode"]),
            CIMultiDict((name, value.strip("'")) for name, value in headers),
            template.replace("$context.error.messageString", json.dumps(_message(response))).encode(),
        )

    def _kind(self, response: EdgeResponse) -> str | None:
        if said := response.headers.get("x-amzn-ErrorType"):
            return KINDS.get(
                said, "DEFAULT_4XX" if response.status < HTTPStatus.INTERNAL_SERVER_ERROR else "DEFAULT_5XX"
            )
        if response.status == HTTPStatus.GATEWAY_TIMEOUT:
            return "INTEGRATION_TIMEOUT"
        # A function says 5xx as a problem; anything else is the emulator, telling how the function died.
        told = "problem+json" in response.headers.get("Content-Type", "")
        died = response.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not told
        return "DEFAULT_5XX" if died else None


def _message(response: EdgeResponse) -> str:
    try:
        return str(json.loads(response.body)["message"])
    except (ValueError, KeyError, TypeError):
        return HTTPStatus(response.status).phrase
