"""The quick loader of botocore's data brings the very same clients as botocore's own."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from botocore.loaders import Loader
from chalicelib.storage.client import SERVICES, QuickLoader, clients

from tests.functions.helpers.world import World, day

MakeWorld = Callable[..., World]


@pytest.mark.parametrize("service", SERVICES)
def test_the_quick_loader_reads_the_same_models_as_botocores_own(service: str) -> None:
    own, quick = Loader(), QuickLoader()
    for kind in ("service-2", "endpoint-rule-set-1", "paginators-1"):
        assert quick.load_service_model(service, kind) == own.load_service_model(service, kind)
    for data in ("endpoints", "partitions", "_retry"):
        assert quick.load_data(data) == own.load_data(data)


def test_every_service_that_the_shop_asks_for_is_one_that_the_loader_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
    monkeypatch.setitem(os.environ, "AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setitem(os.environ, "AWS_SECRET_ACCESS_KEY", "test")
    make = clients()
    assert {service: make(service).meta.service_model.service_name for service in SERVICES} == {
        service: service for service in SERVICES
    }
    assert make("dynamodb").meta.endpoint_url == "https://dynamodb.cn-north-1.amazonaws.com.cn"


def test_a_quick_client_speaks_to_the_table_as_any_other(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    client: Any = clients()("dynamodb")
    world = make_world({day(2): 2}, client=client)
    world.pay(world.place())
    assert world.left() == 1
