"""The template on the emulator, its policies enforced: what each function may do, what triggers do by themselves."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from chalicelib.mail.letters import Envelope, letter
from chalicelib.mail.ses import Ses
from cunbo.load.surge import order_of

from tests.conftest import HOLD_SECONDS, RunningShop
from tests.functions.helpers.world import NOON, make_order
from tests.stack.helpers import age, call, eventually, functions, invoke

SKU, GRAPES = "spicy-cabbage-500g", "grapes-2kg"


class Shopper:
    """Someone who has placed one order."""

    def __init__(self, shop: RunningShop, key: str, **body: Any) -> None:
        self.shop = shop
        status, self.order = call(shop, "POST", "/checkout", order_of(SKU, buyer=key, **body), Idempotency_Key=key)
        assert status == 201, self.order
        self.number, self.token = self.order["order"], self.order["token"]

    def see(self) -> dict[str, Any]:
        return call(self.shop, "GET", f"/orders/{self.number}", Authorization=f"Bearer {self.token}")[1]

    def act(self, act: str) -> int:
        return call(self.shop, "POST", f"/payments/sandbox/{self.number}/act", {"act": act})[0]

    def history(self) -> list[str]:
        return [entry["event"] for entry in self.see()["history"]]


def test_the_shop_is_healthy_and_serves_the_published_catalogue(shop: RunningShop) -> None:
    with urllib.request.urlopen(f"{shop.url}/catalog.json", timeout=30) as answer:
        published = json.loads(answer.read())
    assert call(shop, "GET", "/health") == (200, {"status": "ok", "catalogue": published["version"]})


def test_pages_come_through_the_edge_and_the_bucket_gives_them_to_nobody_else(shop: RunningShop) -> None:
    with urllib.request.urlopen(f"{shop.url}/en/", timeout=30) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(f"{shop.url}/.well-known/security.txt", timeout=30) as answer:
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.read().startswith(b"Contact: ")
    bucket = shop.stack.outputs["SiteBucket"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{shop.stack.cloud.endpoint}/{bucket}/en/index.html", timeout=30)
    config = shop.client("cloudfront").get_distribution_config(Id=shop.stack.outputs["DistributionId"])
    site = config["DistributionConfig"]["Origins"]["Items"][0]
    assert (bool(site["OriginAccessControlId"]), site["S3OriginConfig"]) == (True, {"OriginAccessIdentity": ""})


def test_two_payments_at_once_book_the_order_once_and_the_letter_comes_by_the_stream(shop: RunningShop) -> None:
    shopper = Shopper(shop, "stack-test-two-payments", email="two-payments@example.com", lang="en")
    assert shopper.act("pay-twice") == 204
    assert shopper.history() == ["awaiting_payment", "paid"]
    paid = f"{shopper.number}-paid@"
    letters = eventually(lambda: [path for path in shop.mail.glob("*.eml") if paid in path.read_text()], 20)
    assert len(letters) == 1
    assert shopper.see()["refunds"] == []


def test_a_paid_order_that_is_cancelled_is_refunded_by_the_stream(shop: RunningShop) -> None:
    shopper = Shopper(shop, "stack-test-cancel-paid")
    assert shopper.act("pay") == 204
    status, cancelled = call(shop, "POST", f"/orders/{shopper.number}/cancel", Authorization=f"Bearer {shopper.token}")
    assert (status, cancelled["state"]) == (200, "cancelled")
    assert eventually(lambda: shopper.see()["state"] == "refunded", 20)
    assert [(refund["amount"], refund["state"]) for refund in shopper.see()["refunds"]] == [(2990, "done")]


def test_a_hold_that_nobody_pays_is_ended_by_the_schedule_and_a_late_payment_claims_again(shop: RunningShop) -> None:
    """The schedule runs each minute: so this takes up to one."""
    shopper = Shopper(shop, "stack-test-late-payment")
    order = shop.operations.store.orders.load(shopper.number)
    assert order
    assert round((order.pay_by - order.placed).total_seconds()) == HOLD_SECONDS
    age(shop, [order])
    assert eventually(lambda: shopper.see()["state"] == "expired", 120)
    assert shopper.act("pay") == 204
    assert shopper.history() == ["awaiting_payment", "expired", "paid"]


def test_a_table_entry_made_by_the_functions_is_out_of_reach_for_what_their_policies_do_not_name(
    shop: RunningShop,
) -> None:
    actions = {
        role: {action for statement in statements for action in listed(statement["Action"])}
        for role, statements in policies_of(shop).items()
    }
    assert not any(action.endswith("*") for named in actions.values() for action in named)
    deleting = {
        role
        for role, statements in policies_of(shop).items()
        for one in statements
        if one["Effect"] == "Allow" and "dynamodb:DeleteItem" in listed(one["Action"])
    }
    # A place in the line is deleted by who leaves it, a drop by the sweep, by what somebody was found when they have
    # moved by the stream's consumer, and what is old each night.
    assert deleting == {"APIHandler", "Sweep", "Figures", "Nightly"}
    assert denied_as(shop, "Outbox", "delete_item", Key={"pk": {"S": "x"}, "sk": {"S": "x"}})
    assert denied_as(shop, "APIHandler", "scan")
    assert denied_as(
        shop, "Figures", "query", KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "x"}}
    )
    assert not denied_as(shop, "Outbox", "get_item", Key={"pk": {"S": "x"}, "sk": {"S": "x"}})


def test_the_sweep_writes_to_the_manager_when_a_batch_is_full(shop: RunningShop) -> None:
    sku, key = "corn-noodles-1kg", "stack-test-full-batch"
    status, order = call(shop, "POST", "/checkout", order_of(sku, buyer=key), Idempotency_Key=key)
    assert status == 201, order
    shop.batch(sku, date.fromisoformat(order["ship_by"]), 1)
    invoke(shop, "Sweep")
    full = f"{order['ship_by']}-full@"
    # The minute's own sweep may write the same letter at the same time.
    told = eventually(lambda: [path for path in shop.mail.glob("*.eml") if full in path.read_text()], 20)
    assert {"\nTo: manager@example.com\n" in path.read_text() for path in told} == {True}


def test_the_plan_makes_the_day_that_the_horizon_has_reached(shop: RunningShop) -> None:
    invoke(shop, "Plan")  # midnight may have come since the stack began: the days from then on are made now
    batches = shop.operations.store.stock.declared(GRAPES, date.min)
    last = batches[-1].ship_by
    for sort in (last.isoformat(), f"{last}#000"):
        key = {"pk": {"S": f"stock#{GRAPES}#0"}, "sk": {"S": sort}}
        shop.client("dynamodb").delete_item(TableName=shop.table, Key=key)
    assert invoke(shop, "Plan") == (1, False)
    assert shop.operations.store.stock.declared(GRAPES, date.min) == batches
    assert invoke(shop, "Plan") == (0, False)


def test_the_audit_fails_where_stock_and_orders_differ_and_names_it_in_its_log(shop: RunningShop) -> None:
    assert invoke(shop, "Audit") == (0, False)
    [batch, *_] = shop.operations.store.stock.declared(GRAPES, date.min)
    spoil = {
        "Key": {"pk": {"S": f"stock#{GRAPES}#0"}, "sk": {"S": f"{batch.ship_by}#000"}},
        "UpdateExpression": "SET units = units + :by",
    }
    for by, failed in ((1, True), (-1, False)):
        values = {":by": {"N": str(by)}}
        shop.client("dynamodb").update_item(TableName=shop.table, **spoil, ExpressionAttributeValues=values)
        assert invoke(shop, "Audit")[1] is failed


def test_a_letter_goes_by_ses_once_its_sender_is_verified(shop: RunningShop) -> None:
    ses = shop.client("sesv2")
    order = make_order(email="by-ses@example.net", lang="zh")
    envelope = Envelope("by-ses@example.net", order.number, "shop@example.org", NOON)
    message = letter("placed", order, shop.stack.catalog, "http://shop/order/#1.t", envelope)
    with pytest.raises(ses.exceptions.MessageRejected):
        Ses(ses).send(message)
    ses.create_email_identity(EmailIdentity="example.org")
    Ses(ses).send(message)
    by_account = json.loads(shop.stack.emulator.ask("/_ministack/ses/messages", timeout=30))["messages"]
    [sent] = [one for all_of_it in by_account.values() for one in all_of_it if one["To"] == ["by-ses@example.net"]]
    assert (sent["Source"], sent["Subject"]) == ("shop@example.org", message["Subject"])
    assert "请在 11 月 24 日 12:15" in sent["BodyText"]
    assert '<html lang="zh-CN">' in sent["BodyHtml"]


def roles(shop: RunningShop) -> dict[str, str]:
    """The role's name of each function, by the function's logical id."""
    client = shop.client("lambda")
    return {
        name: client.get_function_configuration(FunctionName=function)["Role"].rpartition("/")[2]
        for name, function in functions(shop).items()
    }


def policies_of(shop: RunningShop) -> dict[str, list[dict[str, Any]]]:
    """The statements of each function's own policy."""
    iam = shop.client("iam")
    return {
        name: [
            statement
            for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
            for statement in iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"]
        ]
        for name, role in roles(shop).items()
    }


def client_as(shop: RunningShop, function: str, service: str) -> Any:
    """A client with the function's own role."""
    import boto3

    sts = shop.client("sts")
    account = sts.get_caller_identity()["Account"]
    role = f"arn:aws:iam::{account}:role/{roles(shop)[function]}"
    found = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.client(
        service,
        endpoint_url=shop.stack.cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["SessionToken"],
    )


def denied_as(shop: RunningShop, function: str, operation: str, **request: Any) -> bool:
    """Whether the function's own role may not do this to the table."""
    return denied(lambda: getattr(client_as(shop, function, "dynamodb"), operation)(TableName=shop.table, **request))


def denied(asking: Callable[[], Any]) -> bool:
    from botocore.exceptions import ClientError

    try:
        asking()
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDeniedException", error
        return True
    return False


def test_a_providers_keys_are_read_by_those_alone_who_pay_with_it(shop: RunningShop) -> None:
    for name in ("WechatSecretId", "AlipaySecretId", "StripeSecretId"):
        secret = shop.stack.outputs[name]
        readers = {
            function
            for function in functions(shop)
            if not denied(
                lambda: client_as(shop, function, "secretsmanager").get_secret_value(SecretId=secret)  # noqa: B023
            )
        }
        assert readers == {"APIHandler", "Outbox", "Sweep", "Reconcile"}


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("DELETE", "/checkout", 404),
        ("GET", "/orders/1", 401),
        ("POST", "/payments/x/events", 404),
        ("POST", "/carriers/x/events", 404),
    ],
)
def test_what_the_gateway_refuses_is_a_problem_too(shop: RunningShop, method: str, path: str, status: int) -> None:
    answered, problem = call(shop, method, path, {} if method == "POST" else None)
    assert (answered, problem["status"]) == (status, status)
    assert problem["title"]
