"""What each role may do to the table, as the stack has it, and calls that are watched."""

import json
from typing import Any

from tests.functions.helpers.world import ROOT, World

IN_TRANSACTION = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}


def allowed(function: str) -> set[str]:
    """What the function's role may do to the table and its indexes."""
    policy = json.loads((ROOT / f"functions/.chalice/policy-{function}.json").read_text(encoding="utf-8"))
    found = set()
    for statement in policy["Statement"]:
        if statement.get("Effect") == "Allow" and "Table" in json.dumps(statement["Resource"]):
            named = statement["Action"]
            where = json.dumps(statement["Resource"]).partition("/index/")[2].rstrip('"} ')
            found |= {f"{one} {where}".strip() for one in ([named] if isinstance(named, str) else named)}
    return found


class Watched:
    """What a world's table is asked from now on, as IAM names it."""

    def __init__(self, world: World) -> None:
        self.asked: set[str] = set()
        world.client.meta.events.register("provide-client-params.dynamodb", self.note)

    def note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name == "TransactWriteItems":
            kinds = [kind for item in params["TransactItems"] for kind in item]
            self.asked |= {f"dynamodb:{IN_TRANSACTION.get(kind, 'ConditionCheckItem')}" for kind in kinds}
        elif model.name == "TransactGetItems":
            self.asked.add("dynamodb:GetItem")
        else:
            self.asked.add(f"dynamodb:{model.name} {params.get('IndexName', '')}".strip())
