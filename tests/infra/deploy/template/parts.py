"""Parts of the packaged template's text, of which no emulator checks what the tests beside it do."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.settings import PROVIDERS, TRACKERS

Template = dict[str, Any]
FUNCTIONS = {
    "APIHandler": "ApiHandlerRole",
    "Outbox": "OutboxRole",
    "Figures": "FiguresRole",
    "Sweep": "SweepRole",
    "Plan": "PlanRole",
    "Audit": "AuditRole",
    "Reconcile": "ReconcileRole",
    "Nightly": "NightlyRole",
    "Track": "TrackRole",
}
NOTHING = {"Ref": "AWS::NoValue"}
PAID_BY = {f"Uses{name.capitalize()}": name for name in PROVIDERS if name != "sandbox"}
"""The conditions by which a stage has a secret for a provider."""
FOLLOWED_BY = {f"Uses{name.capitalize()}": name for name in TRACKERS}
"""The same for a carriers' service."""


def properties(template: Template, name: str) -> dict[str, Any]:
    return template["Resources"][name]["Properties"]


def chosen(part: Any, true: set[str]) -> Any:
    """A part of the template where the conditions named in `true` are, and all others are not."""
    if isinstance(part, dict) and [*part] == ["Fn::If"]:
        condition, then, otherwise = part["Fn::If"]
        return chosen(then if condition in true else otherwise, true)
    if isinstance(part, dict):
        return {name: value for name, one in part.items() if (value := chosen(one, true)) != NOTHING}
    if isinstance(part, list):
        return [value for one in part if (value := chosen(one, true)) != NOTHING]
    return part


def statements(template: Template, role: str) -> Iterator[dict[str, Any]]:
    """What a role may do at most."""
    for policy in properties(template, role)["Policies"]:
        yield from chosen(policy["PolicyDocument"]["Statement"], {"UsesSes", *PAID_BY, *FOLLOWED_BY})


def actions(template: Template, role: str, resource: Any) -> set[str]:
    """What a role may do to a resource."""
    found: set[str] = set()
    for statement in statements(template, role):
        if statement["Resource"] == resource and statement["Effect"] == "Allow":
            found |= {statement["Action"]} if isinstance(statement["Action"], str) else {*statement["Action"]}
    return {action.removeprefix("dynamodb:") for action in found}
