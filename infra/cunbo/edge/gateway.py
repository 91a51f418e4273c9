"""API Gateway's own refusals, said as the template says them: MiniStack knows when to refuse, not the words."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from multidict import CIMultiDict

from cunbo.edge.answer import Answer

KINDS = {
    "MissingAuthenticationTokenException": "MISSING_AUTHENTICATION_TOKEN",
    "RequestTooLargeException": "REQUEST_TOO_LARGE",
    "UnsupportedMediaTypeException": "UNSUPPORTED_MEDIA_TYPE",
    "TooManyRequestsException": "THROTTLED",
}
"""The template's names of refusals, by the header x-amzn-ErrorType."""


class Refusals:
    """The gateway responses of a packaged template."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self.responses = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]

    def worded(self, answer: Answer) -> Answer:
        """`answer` itself where a function gave it, else the template's words for it."""
        name = self._kind(answer)
        if name is None:
            return answer
        response = self.responses[name]
        headers = response["ResponseParameters"]["Headers"].items()
        template = response["ResponseTemplates"]["application/json"]
        return Answer(
            int(response["StatusCode"]),
            CIMultiDict((name, value.strip("'")) for name, value in headers),
            template.replace("$context.error.messageString", json.dumps(_message(answer))).encode(),
        )

    def _kind(self, answer: Answer) -> str | None:
        if said := answer.headers.get("x-amzn-ErrorType"):
            return KINDS.get(said, "DEFAULT_4XX" if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR else "DEFAULT_5XX")
        if answer.status == HTTPStatus.GATEWAY_TIMEOUT:
            return "INTEGRATION_TIMEOUT"
        # A function says 5xx as a problem; anything else is the emulator, telling how the function died.
        told = "problem+json" in answer.headers.get("Content-Type", "")
        died = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not told
        return "DEFAULT_5XX" if died else None


def _message(answer: Answer) -> str:
    try:
        return str(json.loads(answer.body)["message"])
    except (ValueError, KeyError, TypeError):
        return HTTPStatus(answer.status).phrase
