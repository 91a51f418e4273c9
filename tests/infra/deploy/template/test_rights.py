"""What each function may do, and which secrets it can read."""

import json
import re

import pytest
from chalicelib.domain.desk.kept import FILE as OPEN_BOOKS
from chalicelib.domain.settings import TRACKERS

from tests.infra.deploy.template.parts import (
    FOLLOWED_BY,
    FUNCTIONS,
    NOTHING,
    PAID_BY,
    Template,
    actions,
    chosen,
    properties,
    statements,
)

TABLE = {"Fn::GetAtt": ["Table", "Arn"]}
DUE = {"Fn::Sub": "${Table.Arn}/index/due"}
IDENTITY = {"Fn::Sub": "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${MailIdentity}"}
PHOTOGRAPHS = [{"Fn::Sub": "${Uploads.Arn}/raw/*"}, {"Fn::Sub": "${Uploads.Arn}/kept/*"}]
"""What lies in the bucket of photographs: nobody knows its names before."""


def test_each_function_has_a_role_of_its_own(template: Template) -> None:
    roles = {name: properties(template, name)["Role"]["Fn::GetAtt"][0] for name in FUNCTIONS}
    assert roles == FUNCTIONS


@pytest.mark.parametrize("role", FUNCTIONS.values())
def test_no_policy_has_a_wildcard(template: Template, role: str) -> None:
    for statement in statements(template, role):
        assert statement["Effect"] == ("Deny" if statement["Sid"].endswith("Kept") else "Allow")
        at = [statement["Resource"]] if isinstance(statement["Resource"], dict) else statement["Resource"]
        named = [one for one in at if one not in PHOTOGRAPHS]
        assert "*" not in json.dumps([statement["Action"], named])


def test_each_function_may_do_to_the_table_what_it_does_and_nothing_else(template: Template) -> None:
    def on_table(role: str) -> tuple[set[str], set[str]]:
        return actions(template, role, TABLE), actions(template, role, DUE)

    orders = {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "Query"}
    assert on_table("ApiHandlerRole") == (orders | {"BatchGetItem"}, {"Query"})
    for index in ("lookup", "mail_lookup"):
        lookup = {"Fn::Sub": f"${{Table.Arn}}/index/{index}"}
        finds = {role for role in FUNCTIONS.values() if actions(template, role, lookup)}
        assert finds == {"OutboxRole", "SweepRole"}, "whoever answers strangers cannot look for an order by its buyer"
    assert on_table("OutboxRole") == (orders - {"DeleteItem"}, {"Query"})
    assert on_table("FiguresRole") == ({"GetItem", "PutItem", "BatchWriteItem", "UpdateItem", "DeleteItem"}, set())
    assert on_table("SweepRole") == (orders | {"BatchGetItem"}, {"Query"})
    assert on_table("PlanRole") == ({"GetItem", "PutItem", "UpdateItem", "ConditionCheckItem", "Query"}, set())
    assert on_table("AuditRole") == ({"GetItem", "Scan", "Query"}, set())
    assert on_table("ReconcileRole") == ({"GetItem", "BatchGetItem", "UpdateItem", "Query"}, {"Query"})
    night = {"GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"}
    assert on_table("NightlyRole") == (night, set())
    assert on_table("TrackRole") == (orders - {"DeleteItem", "Query"}, set())
    pack = {"Fn::Sub": "${Table.Arn}/index/pack"}
    reads = {one for one in FUNCTIONS.values() if actions(template, one, pack)}
    assert reads == {"ApiHandlerRole", "SweepRole", "TrackRole", "NightlyRole"}


def test_the_open_books_file_is_the_one_thing_of_the_site_that_a_function_may_write(template: Template) -> None:
    writes = {
        role: statement["Resource"]
        for role in FUNCTIONS.values()
        for statement in statements(template, role)
        if "Site" in json.dumps(statement["Resource"])
    }
    assert writes == {"NightlyRole": {"Fn::Sub": f"${{Site.Arn}}/{OPEN_BOOKS}"}}
    assert actions(template, "NightlyRole", writes["NightlyRole"]) == {"s3:PutObject"}
    told = {name for name in FUNCTIONS if "SITE_BUCKET" in json.dumps(properties(template, name).get("Environment"))}
    assert told == {"Nightly"}
    assert properties(template, "Nightly")["Environment"]["Variables"]["SITE_BUCKET"] == {"Ref": "Site"}


@pytest.mark.parametrize("role", FUNCTIONS.values())
def test_whoever_may_delete_may_delete_no_record_that_must_be_kept(template: Template, role: str) -> None:
    """Ledger and books, the log of what was said on air, orders, what was said of goods: a stolen role unmakes none."""
    if "DeleteItem" in actions(template, role, TABLE):
        [denied] = [one for one in statements(template, role) if one["Sid"] == "RecordsAreKept"]
        assert (denied["Action"], denied["Resource"]) == ("dynamodb:DeleteItem", TABLE)
        kept = {"dynamodb:LeadingKeys": ["books#*", "kept", "ledger#*", "log#*", "order#*", "shown#*"]}
        assert denied["Condition"] == {"ForAnyValue:StringLike": kept}


def _denied(template: Template, role: str, sid: str) -> set[str]:
    """What a role is denied of the trail (or, by `sid`, of its seals), whatever else allows it."""
    keys = {"TrailIsKept": ["trail#*", "trail-of#*"], "SealsAreKept": ["trail-seal"]}[sid]
    found = [one for one in statements(template, role) if one["Sid"] == sid]
    for one in found:
        assert (one["Effect"], one["Resource"]) == ("Deny", TABLE)
        assert one["Condition"] == {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": keys}}
    return {action.removeprefix("dynamodb:") for one in found for action in one["Action"]}


@pytest.mark.parametrize("role", FUNCTIONS.values())
def test_nobody_can_rewrite_the_trail_and_whoever_answers_requests_can_write_no_seal(
    template: Template, role: str
) -> None:
    may = actions(template, role, TABLE) & {"PutItem", "UpdateItem", "DeleteItem"}
    left = may - _denied(template, role, "TrailIsKept")
    assert left <= {"PutItem"}, "an entry is put once, and is what it is"
    enters = {"ApiHandlerRole", "SweepRole", "PlanRole", "TrackRole", "NightlyRole"}
    assert bool(left) == (role in enters)
    seals = may - _denied(template, role, "SealsAreKept")
    assert seals == ({"PutItem"} if role == "NightlyRole" else set()), "the night alone seals"


def test_each_secret_is_read_by_those_alone_who_need_it(template: Template) -> None:
    def readers(secret: str) -> set[str]:
        return {one for one in FUNCTIONS.values() if actions(template, one, {"Fn::GetAtt": [secret, "Id"]})}

    assert readers("Secret") == {*FUNCTIONS.values()}
    assert readers("MailSecret") == {"OutboxRole", "SweepRole", "ReconcileRole"}
    told = {name for name in FUNCTIONS if "MAIL_SECRET_ID" in json.dumps(properties(template, name).get("Environment"))}
    assert told == {"Outbox", "Sweep", "Reconcile"}
    told = {name for name in FUNCTIONS if "EDGE_SECRET" in json.dumps(properties(template, name).get("Environment"))}
    assert told == {"APIHandler"}


@pytest.mark.parametrize(("condition", "name"), PAID_BY.items())
def test_a_providers_keys_are_there_only_where_it_is_used_and_for_those_alone_who_pay_with_it(
    template: Template, condition: str, name: str
) -> None:
    secret = f"{name.capitalize()}Secret"
    assert template["Conditions"][condition] == {"Fn::Equals": [{"Ref": f"Pay{name.capitalize()}"}, "yes"]}
    assert template["Resources"][secret]["Condition"] == condition
    assert properties(template, secret)["SecretString"] == "{}", "keys are in no template"
    readers = {one for one in FUNCTIONS.values() if actions(template, one, {"Fn::GetAtt": [secret, "Id"]})}
    assert readers == {"ApiHandlerRole", "OutboxRole", "SweepRole", "ReconcileRole"}
    for function in FUNCTIONS:
        variables = properties(template, function).get("Environment", {}).get("Variables", {})
        told = {"Fn::If": [condition, {"Ref": secret}, NOTHING]}
        pays = FUNCTIONS[function] in readers
        assert variables.get(f"{name.upper()}_SECRET_ID") == (told if pays else None)
        assert variables.get("PAY") == ({"Ref": "Pay"} if pays else None)
    for role in FUNCTIONS.values():
        (policy,) = properties(template, role)["Policies"]
        assert secret not in json.dumps(chosen(policy, {*PAID_BY} - {condition})), "a role names no secret that is not"


@pytest.mark.parametrize(("condition", "name"), FOLLOWED_BY.items())
def test_a_carriers_services_keys_are_there_only_where_it_is_used_and_for_those_alone_who_ask_it(
    template: Template, condition: str, name: str
) -> None:
    secret = f"{name.capitalize()}Secret"
    assert template["Conditions"][condition] == {"Fn::Equals": [{"Ref": f"Track{name.capitalize()}"}, "yes"]}
    assert template["Resources"][secret]["Condition"] == condition
    readers = {one for one in FUNCTIONS.values() if actions(template, one, {"Fn::GetAtt": [secret, "Id"]})}
    assert readers == {"ApiHandlerRole", "OutboxRole", "SweepRole", "TrackRole"}
    for function, role in FUNCTIONS.items():
        variables = properties(template, function).get("Environment", {}).get("Variables", {})
        asks = role in readers
        told = {"Fn::If": [condition, {"Ref": secret}, NOTHING]}
        assert variables.get(f"{name.upper()}_SECRET_ID") == (told if asks else None)
        assert variables.get("TRACK") == ({"Ref": "TrackBy"} if asks else None)
        (policy,) = properties(template, role)["Policies"]
        assert secret not in json.dumps(chosen(policy, {*FOLLOWED_BY} - {condition}))
    pattern = template["Parameters"]["TrackBy"]["AllowedPattern"]
    assert all(re.fullmatch(pattern, value) for value in ("", *TRACKERS, ",".join(TRACKERS)))
    assert not any(re.fullmatch(pattern, value) for value in ("ups", "sf,", "none"))


def test_only_what_sends_letters_may_and_only_as_the_identity_that_was_given(template: Template) -> None:
    may = {role: actions(template, role, IDENTITY) for role in FUNCTIONS.values()}
    letters = {"ses:SendEmail", "ses:SendRawEmail"}
    writers = dict.fromkeys(("OutboxRole", "SweepRole", "ReconcileRole"), letters)
    assert {role: given for role, given in may.items() if given} == writers
    for role in FUNCTIONS.values():
        (policy,) = properties(template, role)["Policies"]
        assert "ses:" not in json.dumps(chosen(policy, set()))
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["MAIL_BY"] == {"Fn::If": ["UsesSes", "ses", "smtp"]}


def test_the_manager_hears_from_those_who_send_letters_and_nobody_has_to_be_one(template: Template) -> None:
    for function in ("Outbox", "Sweep", "Reconcile"):
        assert properties(template, function)["Environment"]["Variables"]["MANAGER_MAIL"] == {"Ref": "ManagerMail"}
    assert json.dumps([template["Globals"], template["Resources"]]).count("MANAGER_MAIL") == 3
    manager = template["Parameters"]["ManagerMail"]
    assert manager["Default"] == ""
    wanted = {"": True, "manager@example.com": True, "manager": False, "a b@example.com": False, "a@b, c@d": False}
    assert {mail: bool(re.fullmatch(manager["AllowedPattern"], mail)) for mail in wanted} == wanted


def test_ses_is_used_where_it_is_and_an_identity_was_given(template: Template) -> None:
    given = {"Fn::Not": [{"Fn::Equals": [{"Ref": "MailIdentity"}, ""]}]}
    assert template["Conditions"]["UsesSes"] == {"Fn::And": [{"Condition": "OutsideChina"}, given]}
    assert template["Parameters"]["MailIdentity"]["Default"] == ""


def test_photographs_are_reached_by_those_alone_who_need_them(template: Template) -> None:
    """Whoever may sign is told where the bucket is, and no policy lets anybody do more than send, read and delete."""
    reach = {
        name
        for name, role in FUNCTIONS.items()
        if any("Uploads" in json.dumps(one) for one in statements(template, role))
    }
    told = {name for name in FUNCTIONS if "UPLOADS_HOST" in json.dumps(properties(template, name).get("Environment"))}
    assert reach == told == {"APIHandler", "Nightly"}
    assert actions(template, "ApiHandlerRole", PHOTOGRAPHS) == {"s3:PutObject", "s3:GetObject", "s3:DeleteObject"}
    assert actions(template, "ApiHandlerRole", {"Fn::GetAtt": ["Uploads", "Arn"]}) == {"s3:ListBucket"}
    assert actions(template, "NightlyRole", PHOTOGRAPHS[1]) == {"s3:DeleteObject"}, "it deletes what it never sees"
    assert actions(template, "NightlyRole", {"Fn::GetAtt": ["Uploads", "Arn"]}) == {"s3:ListBucket"}
