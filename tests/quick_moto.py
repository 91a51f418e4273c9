"""Makes moto quicker where most of the tests' time went, without another answer.

A call of DynamoDB goes from botocore's serializer to moto's parser, and from moto's serializer to botocore's parser:
what lies between (a signature, an HTTP request that is built, matched against addresses and taken apart, retries) is
left out, as no test in process is about it. A transaction copies the whole table for each of its writes, to put it back
where it fails: here it copies the items that the transaction names, once. Of each value of an item moto looks for all
ten types that it might be of, each under several spellings: here it takes the one that is there. What follows from a
class, an expression or the description of a service alone is worked out once. And moto stands in for AWS in the library
`requests` too, with some thousand addresses each time that it begins: the shop asks by botocore alone.
"""

import copy
import pickle
import threading
from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

from botocore import client
from botocore.endpoint import Endpoint
from botocore.model import ServiceModel
from moto.core import models as core
from moto.core import responses
from moto.core.serialize import BaseJSONSerializer, ResponseSerializer
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb import models
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import validators
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Expression, Node
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.responses import DynamoHandler
from moto.utilities.utils import get_partition

TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})
"""What an AttributeValue of DynamoDB may hold: exactly one of these."""
LEAVES = frozenset({"S", "N", "SS", "NS", "NULL", "BOOL"})
"""Those of them that JSON has as moto has them."""
_local = threading.local()


def deepcopy(thing: Any) -> Any:
    """Copy as `copy.deepcopy` does; within a transaction a table once, and of it the items that are written."""
    made: dict[int, Any] | None = getattr(_local, "made", None)
    if made is None or not isinstance(thing, Table):
        return copy.deepcopy(thing)
    if id(thing) not in made:
        made[id(thing)] = _copied(thing, _local.keys)
    return made[id(thing)]


def _copied(table: Table, keys: frozenset[tuple[str, ...]]) -> Table:
    made = copy.copy(table)
    made.items = copy.copy(table.items)
    for name, found in made.items.items():
        if table.range_key_attr is None:
            made.items[name] = copy.deepcopy(found) if (name.value,) in keys else found
        else:
            written = {sort: copy.deepcopy(item) for sort, item in found.items() if (name.value, sort.value) in keys}
            made.items[name] = {**found, **written}
    return made


def _key(write: Mapping[str, Any]) -> tuple[str, ...]:
    request = next(iter(write.values()))
    found = request.get("Key") or request.get("Item", {})
    return tuple(next(iter(found[name].values())) for name in ("pk", "sk") if name in found)


class Call(DynamoHandler):
    """One call of DynamoDB, without the HTTP request that moto reads it from."""

    def __init__(self, request: Mapping[str, Any], region: str) -> None:
        super().__init__()
        self.headers = request["headers"]
        self.region, self.partition, self.current_account = region, get_partition(region), core.DEFAULT_ACCOUNT_ID
        self.querystring, self.uri_match, self.response_headers = {}, {}, {}
        kind, body = self.headers["Content-Type"], request["body"]
        self.parse_parameters(
            SimpleNamespace(method="POST", values={}, headers=self.headers, data=body, path="/", content_type=kind)
        )


def made_at_once(endpoint: Any, operation: Any, request: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Answer as `Endpoint.make_request` does: what came, and what botocore reads in it."""
    status, headers, body = Call(request, request["context"]["client_region"]).call_action()
    came = {"status_code": int(status), "headers": headers, "body": body.encode() if isinstance(body, str) else body}
    parser = endpoint._response_parser_factory.create_parser(operation.service_model.resolved_protocol)
    parsed = parser.parse(came, operation.output_shape)
    if came["status_code"] >= 300:
        endpoint._add_modeled_error_fields(came, parsed, operation, parser)
    return SimpleNamespace(**came), parsed


@cache
def pickled(expression: Expression) -> bytes:
    """Return what a copy of a parsed expression is made from."""
    return pickle.dumps(expression)


def copied(thing: Any) -> Any:
    """Copy as `copy.deepcopy` does; a parsed expression several times as fast."""
    return pickle.loads(pickled(thing)) if isinstance(thing, Expression) else copy.deepcopy(thing)


@cache
def fits(kind: type, wanted: tuple[type, ...]) -> bool:
    """Return whether a node of that kind is one of these."""
    return issubclass(kind, wanted)


def traverse(self: Any, node: Any, child_id: int = -1) -> Any:
    """Go through a parsed expression as moto does, from the leaves up; what a step minds is asked for once."""
    if "minds" not in self.__dict__:
        self.minds = tuple(self._processing_map())
    if not isinstance(node, Node):
        return node
    parent = node.parent
    for number, child in enumerate(node.children or ()):
        self.pre_processing_of_child(node, number)
        self.traverse_node_recursively(child, number)
    if fits(type(node), self.minds):
        node = self.process(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


_models: dict[tuple[str, int], tuple[Any, ServiceModel]] = {}


def service_model(description: Any, service_name: str) -> ServiceModel:
    """Make what a client knows of its service; of one description only once, with all that was read in it."""
    return _models.setdefault((service_name, id(description)), (description, ServiceModel(description, service_name)))[
        1
    ]


def install() -> None:
    """Have moto do so from now on, in this process."""
    if isinstance(models.copy, SimpleNamespace):
        return
    transact, picked = models.DynamoDBBackend.transact_write_items, ResponseSerializer.get_value
    written, asked = BaseJSONSerializer._serialize_type_structure, Endpoint.make_request

    def transact_write_items(self: Any, transact_items: list[dict[str, Any]]) -> None:
        _local.made, _local.keys = {}, frozenset(map(_key, transact_items))
        try:
            transact(self, transact_items)
        finally:
            _local.made = None

    def get_value(self: Any, value: Any, key: str, shape: Any) -> Any:
        if type(value) is dict and len(value) == 1 and not TYPES.isdisjoint(value):
            return value.get(key)
        return picked(self, value, key, shape)

    def write_structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if (
            key
            and shape.name == "AttributeValue"
            and type(value) is dict
            and len(value) == 1
            and value.keys() <= LEAVES
        ):
            serialized[key] = value
        else:
            written(self, serialized, value, shape, key)

    def make_request(self: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
        of_moto = core.botocore_stubber.enabled and ".amazonaws.com" in request_dict["url"]
        if of_moto and operation_model.service_model.service_name == "dynamodb":
            return made_at_once(self, operation_model, request_dict)
        return asked(self, operation_model, request_dict)

    client.ServiceModel = service_model
    Endpoint.make_request = make_request  # type: ignore[method-assign]
    responses.method_names_from_class = cache(responses.method_names_from_class)
    responses.camelcase_to_underscores = cache(camelcase_to_underscores)
    UpdateExpressionParser.make = staticmethod(cache(UpdateExpressionParser.make))  # its readers copy what they change
    BaseJSONSerializer._serialize_type_structure = write_structure  # type: ignore[method-assign]
    validators.deepcopy = copied
    DepthFirstTraverser.traverse_node_recursively = traverse
    core.RESPONSES_METHODS = []
    models.copy = SimpleNamespace(deepcopy=deepcopy, copy=copy.copy)  # type: ignore[assignment]
    models.DynamoDBBackend.transact_write_items = transact_write_items  # type: ignore[method-assign]
    ResponseSerializer.get_value = get_value  # type: ignore[method-assign]
