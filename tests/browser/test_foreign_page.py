"""A web page of a stranger, open in a browser beside the running stack: it learns nothing, and changes nothing."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, Response

from tests.browser.conftest import start
from tests.conftest import RunningShop

STRANGER = "stranger.example"
EVERY_NAME_LEADS_HERE = "--host-resolver-rules=MAP * 127.0.0.1"
ATTEMPTS = """
async ([aws, shop, table, secret, bucket, forged]) => {
  const credential = (key, service) => ({
    "Authorization": `AWS4-HMAC-SHA256 Credential=${key}/20261129/us-east-1/${service}/aws4_request, ` +
      "SignedHeaders=host;x-amz-date, Signature=00",
    "X-Amz-Date": "20261129T120000Z",
  });
  const json = (service, target, body) => [aws, {
    method: "POST", body: JSON.stringify(body),
    headers: {...credential(forged, service), "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"},
  }];
  const code = "UEsDBAoAAAAAAAAAIQAAAAAAAAAAAAAAAAAIAAAAaW5kZXgucHlQSwECFAAKAAAAAAAAACEA" +
    "AAAAAAAAAAAAAAAACAAAAAAAAAAAAAAAAAAAAAAAaW5kZXgucHlQSwUGAAAAAAEAAQA2AAAAJgAAAAAA";
  const role = "arn:aws:iam::000000000000:role/x";
  const made = {FunctionName: "evil", Runtime: "python3.13", Role: role, Handler: "index.f", Code: {ZipFile: code}};
  const attempts = [
    json("dynamodb", "DynamoDB_20120810.ListTables", {}),
    json("dynamodb", "DynamoDB_20120810.Scan", {TableName: table}),
    json("dynamodb", "DynamoDB_20120810.DeleteTable", {TableName: table}),
    json("secretsmanager", "secretsmanager.GetSecretValue", {SecretId: secret}),
    [aws + "2015-03-31/functions", {method: "POST", body: JSON.stringify(made), headers: credential(forged, "lambda")}],
    [aws + "2015-03-31/functions/evil/invocations", {method: "POST", headers: credential(forged, "lambda")}],
    [aws + bucket, {headers: credential(forged, "s3")}],
    [aws + bucket + "/index.html", {}],
    [aws + bucket + "/evil.html", {method: "PUT", body: "evil", headers: credential(forged, "s3")}],
    [aws, {method: "POST", body: new URLSearchParams({Action: "ListQueues"}), headers: credential(forged, "sqs")}],
    [aws + "?Action=ListQueues", {}],
    [aws + "_ministack/ses/messages", {}],
    [aws + "_ministack/health", {}],
    [aws + "_localstack/health", {}],
    [aws + "health", {}],
    [aws + "_ministack/config", {method: "POST", body: "{}"}],
    [aws + "_ministack/reset", {method: "POST"}],
    [aws + "_ministack/reset?init=1", {method: "POST", mode: "no-cors", body: "x", credentials: "include"}],
    [aws + "_ministack/ses/messages", {mode: "no-cors"}],
    [aws + bucket + "/evil.html", {method: "POST", mode: "no-cors", body: "evil"}],
    [aws + "?Action=CreateQueue&QueueName=evil", {method: "POST", mode: "no-cors"}],
    [aws + "_ministack/ses/messages", {mode: "no-cors", referrerPolicy: "no-referrer", keepalive: true}],
  ];
  const read = [];
  for (const [url, settings] of attempts) {
    try {
      const answer = await fetch(url, settings);
      if (answer.type !== "opaque") read.push(await answer.text());
    } catch { /* refused */ }
  }
  const shown = await new Promise(resolve => {
    const image = new Image();
    image.onload = () => resolve("image"); image.onerror = () => resolve(""); image.src = aws + bucket + "/x.png";
  });
  const opened = await new Promise(resolve => {
    const socket = new WebSocket(aws.replace("http", "ws") + "_aws/execute-api/x/api");
    socket.onopen = () => resolve("socket"); socket.onerror = () => resolve("");
  });
  navigator.sendBeacon(aws + "_ministack/reset", "x");
  await new Promise(resolve => {
    const element = name => document.createElementNS("http://www.w3.org/1999/xhtml", name);
    const [frame, form] = [element("iframe"), element("form")];
    frame.name = "into"; form.method = "POST"; form.action = aws + "_ministack/reset"; form.target = "into";
    document.documentElement.append(frame, form);
    frame.onload = resolve; form.submit();
  });
  return [...read, shown, opened].filter(Boolean);
}
"""


@pytest.fixture
def other_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser for which every name leads to this machine, as one does that a stranger lets lead here."""
    found = start(playwright, EVERY_NAME_LEADS_HERE)
    yield found
    found.close()


class Stranger(BaseHTTPRequestHandler):
    """An empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>stranger</title><body>")

    def log_message(self, format: str, *values: Any) -> None:
        pass


@contextmanager
def served() -> Iterator[int]:
    """The stranger's site; its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def kept(shop: RunningShop) -> dict[str, Any]:
    """What there is to steal or to spoil."""
    table = shop.client("dynamodb").describe_table(TableName=shop.table)["Table"]
    objects = shop.client("s3").get_paginator("list_objects_v2").paginate(Bucket=shop.stack.outputs["SiteBucket"])
    return {
        "table": table["TableId"],
        "functions": sorted(f["FunctionName"] for f in shop.client("lambda").list_functions()["Functions"]),
        "queues": sorted(shop.client("sqs").list_queues().get("QueueUrls", [])),
        "objects": {one["Key"]: one["ETag"] for page in objects for one in page["Contents"]},
        "secret": shop.client("secretsmanager").get_secret_value(SecretId=shop.stack.outputs["SecretId"])["VersionId"],
    }


def attempts(shop: RunningShop, page: Page, aws: str, forged: str = "test") -> tuple[list[str], list[Response]]:
    """What the page read, of all that it tried at this address of the emulator; and every answer that it was sent."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer) if answer.url.startswith(aws) else None)
    outputs = shop.stack.outputs
    what = [f"{aws}/", shop.url, shop.table, outputs["SecretId"], outputs["SiteBucket"], forged]
    return page.evaluate(ATTEMPTS, what), answers


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", STRANGER])
def test_every_call_of_the_emulator_is_refused(shop: RunningShop, other_browser: Browser, name: str) -> None:
    before = kept(shop)
    with served() as port:
        for host in ("127.0.0.1", "localhost"):
            page = other_browser.new_page()
            page.goto(f"http://{name}:{port}/")
            aws = f"http://{host}:{urlsplit(shop.stack.emulator.url).port}"
            read, answers = attempts(shop, page, aws)
            page.close()
            assert read == []
            assert len(answers) >= 8, "some came as far as the emulator"
            assert {answer.status for answer in answers} == {403}
    assert kept(shop) == before


def test_a_page_that_learnt_the_key_of_this_start_is_refused_as_well(shop: RunningShop, other_browser: Browser) -> None:
    before, key = kept(shop), shop.stack.emulator.keys.credentials.access_key_id
    with served() as port:
        page = other_browser.new_page()
        page.goto(f"http://{STRANGER}:{port}/")
        read, answers = attempts(shop, page, shop.stack.emulator.url, key)
        page.close()
    assert (read, {answer.status for answer in answers}) == ([], {403})
    assert kept(shop) == before


def test_a_name_that_a_stranger_lets_lead_here_opens_neither_the_emulator_nor_the_shop(
    shop: RunningShop, other_browser: Browser
) -> None:
    before = kept(shop)
    page = other_browser.new_page()
    aws = f"http://{STRANGER}:{urlsplit(shop.stack.emulator.url).port}"
    answer = page.goto(f"{aws}/")
    assert answer
    assert answer.status == 403
    read, answers = attempts(shop, page, aws)  # from a page of that very name and port, to which nothing is foreign
    assert {answer.status for answer in answers} == {403}
    assert read
    assert all("AccessDenied" in one for one in read)
    for path in ("/", "/api/health", "/catalog.json"):
        answer = page.goto(f"http://{STRANGER}:{urlsplit(shop.url).port}{path}")
        assert answer
        assert (answer.status, "421" in answer.text()) == (421, True)
    page.close()
    assert kept(shop) == before


def test_a_page_cannot_lay_a_letter_into_the_mailbox(shop: RunningShop, other_browser: Browser) -> None:
    letter = (
        "HELO x\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nSubject: evil\r\n\r\n.\r\nQUIT\r\n"
    )
    post = "([url, body]) => fetch(url, {method: 'POST', mode: 'no-cors', body}).catch(() => null)"
    with served() as port:
        page = other_browser.new_page()
        page.goto(f"http://{STRANGER}:{port}/")
        page.evaluate(post, [f"http://127.0.0.1:{shop.stack.ports.mail}/", letter])
        page.close()
    assert "evil" not in json.dumps([path.read_text() for path in shop.mail.glob("*.eml")])
