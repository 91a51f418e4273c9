"""The table, the stream, the logs and the parameters of the stack."""

import json
import re
import subprocess
import sys
from pathlib import Path

from chalicelib.api.routing import EDGE
from chalicelib.domain.settings import PROVIDERS
from cunbo.deploy.package import Package
from cunbo.deploy.rotation import LAST_CALLS
from cunbo.deploy.stack import REVISION
from cunbo.model import limits

from tests.infra.deploy.template.parts import FUNCTIONS, Template, actions, properties


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
