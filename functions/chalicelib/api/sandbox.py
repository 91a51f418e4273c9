"""The route of the sandbox's own page: what a person does there, as they would at a real provider."""

from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.requests import ActRequest, read_json
from chalicelib.api.routing import body_of, route
from chalicelib.bootstrap import Services

routes = Blueprint(__name__)


@route(routes, "POST /payments/sandbox/{order}/act", status=204)
def sandbox_act(request: Request, services: Services, order: str) -> Any:
    """Do what a person does on the sandbox's page; there is none in a stage that is no sandbox."""
    from chalicelib.payments.sandbox import Sandbox  # here, since a stage that takes real money has no use for it

    body, sandbox = body_of(request), services.payments.provider("sandbox")
    assert isinstance(sandbox, Sandbox), "this name is the sandbox's own"  # noqa: S101 - for the type checker
    sandbox.act(services.orders.load(order), read_json(body, ActRequest).act, services.stage.clock())
