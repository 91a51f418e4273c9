"""A world's shop behind its routes, and what a refusal of theirs looks like."""

import json
from typing import Any

import app as functions
import pytest
from chalice.test import Client, HTTPResponse
from chalicelib import bootstrap

from tests.functions.helpers.world import World

JSON = {"Content-Type": "application/json"}


def serve(world: World, patch: pytest.MonkeyPatch) -> Client:
    """Have the routes and triggers serve this world; gives a client of theirs."""
    patch.setattr(bootstrap, "get_services", lambda: world.services)
    return Client(functions.app)


class Http:
    """A world's shop behind its routes."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        self.world = world
        self.client = serve(world, patch)

    def __call__(self, method: str, path: str, body: Any = b"", **headers: str) -> HTTPResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.http.request(method, path, headers=JSON | names, body=raw)


def is_problem(response: HTTPResponse, status: int, slug: str) -> bool:
    """Whether it is a problem as the contract has it."""
    body = response.json_body
    return (
        response.status_code == body["status"] == status
        and response.headers["Content-Type"] == "application/problem+json"
        and response.headers["Cache-Control"] == "no-store"
        and body["type"] == f"/problems/{slug}"
        and bool(body["title"] and body["detail"])
    )
