"""The packaged template's text: what no emulator checks, and what must never be lost by a change."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from chalicelib.api.routing import EDGE
from chalicelib.domain.desk.kept import FILE as OPEN_BOOKS
from chalicelib.domain.settings import PROVIDERS, TRACKERS
from cunbo.core.paths import ROOT
from cunbo.deploy.package import Package
from cunbo.deploy.rotation import LAST_CALLS
from cunbo.deploy.stack import REVISION
from cunbo.model import limits

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
TABLE = {"Fn::GetAtt": ["Table", "Arn"]}
DUE = {"Fn::Sub": "${Table.Arn}/index/due"}
IDENTITY = {"Fn::Sub": "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${MailIdentity}"}
NOTHING = {"Ref": "AWS::NoValue"}
PHOTOGRAPHS = [{"Fn::Sub": "${Uploads.Arn}/raw/*"}, {"Fn::Sub": "${Uploads.Arn}/kept/*"}]
"""What lies in the bucket of photographs: nobody knows its names before."""
CONTRACT = yaml.load((ROOT / "functions/openapi.yaml").read_text(), yaml.CSafeLoader)
PAID_BY = {f"Uses{name.capitalize()}": name for name in PROVIDERS if name != "sandbox"}
"""The conditions by which a stage has a secret for a provider."""
FOLLOWED_BY = {f"Uses{name.capitalize()}": name for name in TRACKERS}
"""The same for a carriers' service."""
CHINA, ABROAD = {"InChina"}, {"OutsideChina", "UsesAcm", "UsesSes"}


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


def test_cfn_lint_finds_nothing_in_either_partition(packaged: Package) -> None:
    regions = ["us-east-1", "cn-north-1", "cn-northwest-1"]
    command = [Path(sys.executable).with_name("cfn-lint"), "--template", packaged.template, "--regions", *regions]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_no_name_of_a_partition_is_written_out(template: Template) -> None:
    written = json.dumps({name: one for name, one in template["Resources"].items() if name != "RestAPI"})
    assert "arn:aws:" not in written
    assert "amazonaws.com/" not in written


def test_the_table_cannot_be_lost(template: Template) -> None:
    table = template["Resources"]["Table"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert table["Properties"]["DeletionProtectionEnabled"] is True
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    assert "TableName" not in table["Properties"]


def test_the_table_has_the_keys_the_index_and_the_stream_that_the_functions_use(template: Template) -> None:
    table = properties(template, "Table")
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    indexes = {index["IndexName"]: index for index in table["GlobalSecondaryIndexes"]}
    keys = {name: [key["AttributeName"] for key in index["KeySchema"]] for name, index in indexes.items()}
    assert keys == {
        "due": ["due_pk", "due_at"],
        "lookup": ["lookup"],
        "mail_lookup": ["mail_lookup"],
        "pack": ["pack_pk", "pack_at"],
    }
    assert indexes["due"]["Projection"] == {"ProjectionType": "ALL"}
    for name in ("lookup", "mail_lookup"):
        assert indexes[name]["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_no_parameter_can_change_the_secret_that_tokens_come_from(template: Template) -> None:
    secret = template["Resources"]["Secret"]
    assert secret["DeletionPolicy"] == "Retain"
    generated = secret["Properties"]["GenerateSecretString"]
    assert generated["GenerateStringKey"] == "current"
    assert generated["PasswordLength"] >= 32
    assert json.loads(generated["SecretStringTemplate"]) == {"old": []}


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


def test_a_parameter_of_its_own_makes_every_process_new(template: Template) -> None:
    """Each function's environment has it, so that none goes on with a secret that it has read before."""
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["SECRET_REVISION"] == {"Ref": REVISION}
    assert properties(template, "APIHandler")["Timeout"] <= LAST_CALLS, "an old process may still be making an order"


def test_pay_is_what_the_functions_take(template: Template) -> None:
    pattern = template["Parameters"]["Pay"]["AllowedPattern"]
    assert all(re.fullmatch(pattern, value) for value in ("", *PROVIDERS, ",".join(PROVIDERS)))
    assert not any(re.fullmatch(pattern, value) for value in ("paypal", "wechat,", "wechat alipay", "standins"))


def test_only_the_edge_can_say_where_a_request_comes_from(template: Template) -> None:
    """The gateway's own address is public: what does not bring the edge's secret is refused by the function."""
    secret = properties(template, "APIHandler")["Environment"]["Variables"]["EDGE_SECRET"]
    assert secret == {"Fn::Sub": "{{resolve:secretsmanager:${EdgeSecret}}}"}
    origins = properties(template, "Distribution")["DistributionConfig"]["Origins"]
    added = {origin["Id"]: origin.get("OriginCustomHeaders") for origin in origins}
    header = [{"HeaderName": "X-Cunbo-Edge", "HeaderValue": secret}]
    assert added == {"site": None, "api": header, "links": header, "stand-ins": None}
    assert header[0]["HeaderName"].lower() == EDGE
    assert properties(template, "EdgeSecret")["GenerateSecretString"]["PasswordLength"] >= 32


def test_what_strangers_may_ask_for_is_slowed_before_a_function_runs(template: Template) -> None:
    settings = properties(template, "RestAPI")["MethodSettings"]
    slowed = {(one["HttpMethod"], one["ResourcePath"]) for one in settings}
    assert slowed == {("POST", path) for path in ("/checkout", "/waitlist", "/orders/find", "/staff/enrol", "/scans")}
    assert slowed <= {(method.upper(), path) for path, one in CONTRACT["paths"].items() for method in one}
    assert all(0 < one["ThrottlingRateLimit"] <= one["ThrottlingBurstLimit"] <= 5_000 for one in settings)


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


def test_china_is_its_two_regions(template: Template) -> None:
    conditions = template["Conditions"]
    regions = [{"Fn::Equals": [{"Ref": "AWS::Region"}, region]} for region in ("cn-north-1", "cn-northwest-1")]
    assert conditions["InChina"] == {"Fn::Or": regions}
    assert conditions["OutsideChina"] == {"Fn::Not": [{"Condition": "InChina"}]}
    rule = template["Rules"]["ChinaNeedsItsOwnDomain"]
    assert rule["RuleCondition"] == {"Fn::Contains": [["cn-north-1", "cn-northwest-1"], {"Ref": "AWS::Region"}]}


def test_a_stack_that_could_not_serve_is_refused_before_it_is_made(template: Template) -> None:
    def needed(rule: str) -> set[str]:
        needs = [one["Assert"]["Fn::Not"][0]["Fn::Equals"] for one in template["Rules"][rule]["Assertions"]]
        assert {empty for _, empty in needs} == {""}
        return {parameter["Ref"] for parameter, _ in needs}

    assert needed("ChinaNeedsItsOwnDomain") == {"Domain", "IamCertificateId"}
    assert needed("DomainNeedsCertificate") == {"AcmCertificateArn"}
    assert needed("IdentityNeedsSender") == {"MailFrom"}
    assert needed("SmsSandboxNeedsMailbox") == {"MailFrom", "ManagerMail"}


def test_logs_are_kept_for_a_month_in_groups_that_only_their_function_writes(template: Template) -> None:
    for function, role in FUNCTIONS.items():
        group = f"{function}Logs"
        assert properties(template, group)["RetentionInDays"] == 30
        assert properties(template, function)["LoggingConfig"] == {"LogGroup": {"Ref": group}}
        assert actions(template, role, {"Fn::GetAtt": [group, "Arn"]}) == {"logs:CreateLogStream", "logs:PutLogEvents"}


def test_the_stream_loses_no_record_and_does_not_wait_for_a_bad_one(template: Template) -> None:
    (source,) = properties(template, "Outbox")["Events"].values()
    settings = source["Properties"]
    assert settings["Stream"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    assert settings["StartingPosition"] == "TRIM_HORIZON"
    assert settings["BisectBatchOnFunctionError"] is True
    assert settings["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert 0 < settings["MaximumRetryAttempts"] <= 100
    assert 60 <= settings["MaximumRecordAgeInSeconds"] < 86_400
    assert settings["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}


def test_a_shard_is_counted_by_one_process_that_is_told_which_shard_it_is(template: Template) -> None:
    """Without the window Lambda does not say, and one checkpoint for all shards would pass over what came late."""
    (source,) = properties(template, "Figures")["Events"].values()
    settings = source["Properties"]
    assert settings["Stream"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    assert settings["StartingPosition"] == "TRIM_HORIZON"
    assert settings["TumblingWindowInSeconds"] > 0
    assert settings["ParallelizationFactor"] == 1
    assert settings["BatchSize"] == limits.COUNTED_AT_ONCE
    assert settings["MaximumBatchingWindowInSeconds"] == 0, "hosts see a paid order within a second"
    assert "FunctionResponseTypes" not in settings, "a batch is counted whole or not at all"
    assert json.loads(settings["FilterCriteria"]["Filters"][0]["Pattern"]) == {
        "dynamodb": {"Keys": {"sk": {"S": ["order", "stray"]}}}
    }
    assert settings["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}


def test_what_is_given_up_is_kept_and_raises_an_alarm(template: Template) -> None:
    for function in ("Sweep", "Plan", "Audit", "Reconcile", "Nightly", "Track"):
        failure = properties(template, function)["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        assert failure["Destination"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}
    assert properties(template, "DeadLetters")["MessageRetentionPeriod"] == 14 * 86_400
    alarm = properties(template, "DeadLettersAlarm")
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["DeadLetters", "QueueName"]}}]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


def test_every_refusal_of_the_gateway_is_a_problem(template: Template) -> None:
    responses = properties(template, "RestAPI")["GatewayResponses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN"} <= {*responses}
    for response in responses.values():
        assert response["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
        text = response["ResponseTemplates"]["application/json"].replace("$context.error.messageString", '"x"')
        said = json.loads(text)
        assert {*said} == {"type", "title", "status", "detail"}
        assert said["status"] == int(response["StatusCode"])


def test_what_the_api_does_not_know_is_not_found_rather_than_forbidden(template: Template) -> None:
    """A 403 would become the site's own page, see CustomErrorResponses."""
    responses = properties(template, "RestAPI")["GatewayResponses"]
    assert responses["MISSING_AUTHENTICATION_TOKEN"]["StatusCode"] == "404"
    assert "403" not in {response["StatusCode"] for response in responses.values()}


def test_the_api_is_regional_and_its_stage_is_the_first_part_of_its_paths(template: Template) -> None:
    api = properties(template, "RestAPI")
    assert (api["EndpointConfiguration"], api["StageName"]) == ("REGIONAL", "api")


def test_the_bucket_is_the_edges_alone(template: Template) -> None:
    assert set(properties(template, "Site")["PublicAccessBlockConfiguration"].values()) == {True}
    for true in (CHINA, ABROAD):
        reads, tls_only = chosen(properties(template, "SitePolicy"), true)["PolicyDocument"]["Statement"]
        assert (reads["Effect"], reads["Action"]) == ("Allow", "s3:GetObject")
        assert (tls_only["Effect"], tls_only["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def reading(template: Template, true: set[str]) -> tuple[dict[str, Any], dict[str, Any], set[str]]:
    """How the site's origin is reached, who may read the bucket, and what of it the stack makes."""
    origin = chosen(properties(template, "Distribution"), true)["DistributionConfig"]["Origins"][0]
    reads = chosen(properties(template, "SitePolicy"), true)["PolicyDocument"]["Statement"][0]
    resources = template["Resources"]
    made = {name for name in ("EdgeAccess", "EdgeIdentity") if resources[name]["Condition"] in true}
    return origin, reads, made


def test_outside_china_this_distribution_alone_reads_the_bucket_by_an_access_control(template: Template) -> None:
    origin, reads, made = reading(template, ABROAD)
    assert made == {"EdgeAccess"}
    assert origin["OriginAccessControlId"] == {"Ref": "EdgeAccess"}
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""}
    assert reads["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    this = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    assert reads["Condition"] == {"StringEquals": {"AWS:SourceArn": {"Fn::Sub": this}}}
    access = properties(template, "EdgeAccess")["OriginAccessControlConfig"]
    assert (access["OriginAccessControlOriginType"], access["SigningBehavior"]) == ("s3", "always")


def test_in_china_the_edge_reads_the_bucket_by_its_identity(template: Template) -> None:
    origin, reads, made = reading(template, CHINA)
    assert made == {"EdgeIdentity"}
    assert "OriginAccessControlId" not in origin
    assert origin["S3OriginConfig"]["OriginAccessIdentity"]["Fn::Sub"].endswith("/${EdgeIdentity}")
    assert reads["Principal"]["AWS"]["Fn::Sub"].endswith(" ${EdgeIdentity}")
    assert "Condition" not in reads


@pytest.mark.parametrize(
    ("true", "certificate"),
    [
        (CHINA | {"HasDomain"}, {"IamCertificateId": {"Ref": "IamCertificateId"}}),
        (ABROAD | {"HasDomain"}, {"AcmCertificateArn": {"Ref": "AcmCertificateArn"}}),
    ],
)
def test_an_own_domain_comes_with_its_certificate_and_no_old_tls(
    template: Template, true: set[str], certificate: dict[str, Any]
) -> None:
    config = chosen(properties(template, "Distribution"), true)["DistributionConfig"]
    assert config["Aliases"] == [{"Ref": "Domain"}]
    tls = {"SslSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}
    assert config["ViewerCertificate"] == certificate | tls


def test_without_a_domain_the_edge_has_its_own_name_and_certificate(template: Template) -> None:
    config = chosen(properties(template, "Distribution"), {"OutsideChina"})["DistributionConfig"]
    assert not {"Aliases", "ViewerCertificate"} & {*config}


@pytest.mark.parametrize(
    ("named", "also", "photos"),
    [
        ("Headers", "", ""),
        ("PackingHeaders", " 'wasm-unsafe-eval'", ""),
        ("PhotoHeaders", "", " https://${Uploads.RegionalDomainName}"),
    ],
)
def test_pages_may_load_and_send_nothing_to_others(template: Template, named: str, also: str, photos: str) -> None:
    security = properties(template, named)["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    directives = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"].split("; ")
    policy = dict(directive.split(" ", 1) for directive in directives)
    assert policy.pop("default-src") == policy.pop("base-uri") == policy.pop("frame-ancestors") == "'none'"
    assert policy.pop("script-src") == f"${{ShopUrl}}/assets/{also}", "what a writer puts beside a story is no script"
    assert policy.pop("worker-src") == policy.pop("child-src") == "${ShopUrl}/sw.js"
    assert (policy.pop("require-trusted-types-for"), policy.pop("trusted-types")) == ("'script'", "worker data")
    assert policy.pop("img-src") == policy.pop("connect-src") == f"'self'{photos}"
    assert {*policy.values()} == {"'self'"}
    assert {"style-src", "form-action"} <= {*policy}
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "strict-origin-when-cross-origin"
    assert "ContentTypeOptions" in security


def test_the_packing_room_alone_may_look_through_the_camera(template: Template) -> None:
    for name, allowed in (
        ("Headers", "camera=(),"),
        ("PhotoHeaders", "camera=(),"),
        ("PackingHeaders", "camera=(self),"),
    ):
        [header] = properties(template, name)["ResponseHeadersPolicyConfig"]["CustomHeadersConfig"]["Items"]
        assert header["Header"] == "Permissions-Policy" and header["Value"].startswith(allowed)


OWN_HEADERS = {
    "/pack/*": "PackingHeaders",
    "/after/*": "PhotoHeaders",
    "/desk/*": "PhotoHeaders",
    "/products/*": "PhotoHeaders",
}
"""Pages that may do more than others, and by what."""


def behaviours(template: Template) -> dict[str, dict[str, Any]]:
    config = properties(template, "Distribution")["DistributionConfig"]
    return {"*": config["DefaultCacheBehavior"]} | {one["PathPattern"]: one for one in config["CacheBehaviors"]}


def test_every_answer_has_the_security_headers_and_none_comes_unencrypted(template: Template) -> None:
    for path, behaviour in behaviours(template).items():
        headers = OWN_HEADERS.get(path.removeprefix("/en"), "Headers")
        assert behaviour["ResponseHeadersPolicyId"] == {"Ref": headers}, path
        assert behaviour["ViewerProtocolPolicy"] in {"redirect-to-https", "https-only"}


def test_what_is_kept_for_all_is_asked_without_who_asks(template: Template) -> None:
    for path, behaviour in behaviours(template).items():
        policy = properties(template, behaviour["CachePolicyId"]["Ref"])["CachePolicyConfig"]
        key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
        assert key["HeadersConfig"] == {"HeaderBehavior": "none"}
        assert key["CookiesConfig"] == {"CookieBehavior": "none"}
        if policy["MaxTTL"]:
            assert "OriginRequestPolicyId" not in behaviour, path
        else:
            passed = "LanguageAlone" if path.lower() == "/q/?*" else "WholeRequest"
            assert behaviour["OriginRequestPolicyId"] == {"Ref": passed}, path


def test_calls_are_kept_only_where_they_are_the_same_for_everybody(template: Template) -> None:
    policies = {path: behaviour["CachePolicyId"]["Ref"] for path, behaviour in behaviours(template).items()}
    assert policies == {
        "*": "SiteCache",
        "/pack/*": "SiteCache",
        "/en/pack/*": "SiteCache",
        "/after/*": "SiteCache",
        "/en/after/*": "SiteCache",
        "/desk/*": "SiteCache",
        "/en/desk/*": "SiteCache",
        "/products/*": "SiteCache",
        "/en/products/*": "SiteCache",
        "/api/availability": "SharedCache",
        "/api/voices/*": "SharedCache",
        "/api/rooms/*/showing": "NoCache",
        "/api/rooms/*": "SharedCache",
        "/api/*": "NoCache",
        "/q/?*": "NoCache",
        "/Q/?*": "NoCache",
    }
    order = [*policies]  # the first that matches is taken
    assert order.index("/api/availability") < order.index("/api/*")
    assert order.index("/api/voices/*") < order.index("/api/*")
    assert order.index("/api/rooms/*/showing") < order.index("/api/rooms/*") < order.index("/api/*")
    assert properties(template, "SharedCache")["CachePolicyConfig"]["DefaultTTL"] == 0


def test_short_links_get_the_stage_that_calls_have_in_their_path(template: Template) -> None:
    config = properties(template, "Distribution")["DistributionConfig"]
    paths = {origin["Id"]: origin.get("OriginPath", "") for origin in config["Origins"]}
    assert paths == {"site": "", "api": "", "links": "/api", "stand-ins": "/links"}
    targets = {path: behaviour["TargetOriginId"] for path, behaviour in behaviours(template).items()}
    assert (targets["*"], targets["/api/*"], targets["/q/?*"]) == ("site", "api", "links-or-stand-ins")
    assert targets["/q/?*"] == targets["/Q/?*"]


def test_a_scan_leads_into_the_site_where_the_api_is_away(template: Template) -> None:
    config = properties(template, "Distribution")["DistributionConfig"]
    [group] = config["OriginGroups"]["Items"]
    assert [one["OriginId"] for one in group["Members"]["Items"]] == ["links", "stand-ins"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [500, 502, 503, 504]
    [links] = [origin for origin in config["Origins"] if origin["Id"] == "links"]
    assert (
        links["ConnectionAttempts"] * links["ConnectionTimeout"] + links["CustomOriginConfig"]["OriginReadTimeout"] < 10
    )
    for path in ("/q/?*", "/Q/?*"):  # CloudFront refuses a group that could be written to
        assert behaviours(template)[path]["AllowedMethods"] == ["GET", "HEAD"]
    passed = properties(template, "LanguageAlone")["OriginRequestPolicyConfig"]
    assert passed["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Accept-Language"]}
    assert passed["CookiesConfig"] == {"CookieBehavior": "none"}
    assert passed["QueryStringsConfig"] == {"QueryStringBehavior": "none"}


def test_the_edge_keeps_no_error_of_the_api(template: Template) -> None:
    config = properties(template, "Distribution")["DistributionConfig"]
    seconds = {one["ErrorCode"]: one["ErrorCachingMinTTL"] for one in config["CustomErrorResponses"]}
    assert {404, 500, 502, 503, 504} <= {code for code, kept in seconds.items() if kept == 0}
    assert [one["ErrorCode"] for one in config["CustomErrorResponses"] if "ResponsePagePath" in one] == [403]


def test_photographs_lie_in_a_bucket_that_nobody_can_look_into(template: Template) -> None:
    bucket = properties(template, "Uploads")
    assert {*bucket["PublicAccessBlockConfiguration"].values()} == {True}
    assert template["Resources"]["Uploads"]["DeletionPolicy"] == "Retain"
    [rule] = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], rule["ExpirationInDays"], rule["Status"]) == ("raw/", 1, "Enabled")
    [cors] = bucket["CorsConfiguration"]["CorsRules"]
    assert (cors["AllowedOrigins"], cors["AllowedMethods"]) == ([{"Ref": "ShopUrl"}], ["POST"])
    policy = properties(template, "UploadsPolicy")
    [tls] = policy["PolicyDocument"]["Statement"]
    assert (policy["Bucket"], tls["Effect"]) == ({"Ref": "Uploads"}, "Deny")
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    origins = json.dumps(properties(template, "Distribution")["DistributionConfig"]["Origins"])
    assert "Uploads" not in origins, "what strangers have sent never comes from the shop's own address"


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
