"""The guard before the emulator: who has not the keys of this start is refused, whatever else they send."""

import base64
import http.client
import json
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials as Signer
from cunbo.core.cloud import Cloud, Credentials
from cunbo.core.paths import Paths
from cunbo.local.guard import OWNER_KEY, unguessable
from cunbo.local.ministack import MiniStack, ministack

from tests.conftest import free_ports

SCAN = b'{"TableName": "orders"}'
AS_DYNAMODB = {"X-Amz-Target": "DynamoDB_20120810.Scan", "Content-Type": "application/x-amz-json-1.0"}
DATA_PLANES = ("0a1b2c3d.execute-api.localhost:80", "abc.cloudfront.net")
Ask = Callable[..., tuple[int, bytes]]


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    """MiniStack by itself, with a table and a bucket that hold something."""
    with ministack(Paths(state=tmp_path_factory.mktemp("state")), free_ports().aws, auth=True) as found:
        found.wait()
        cloud = Cloud(found.url, found.keys.credentials)
        cloud.client("dynamodb").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        cloud.client("dynamodb").put_item(TableName="orders", Item={"pk": {"S": "王芳"}})
        cloud.client("s3").create_bucket(Bucket="letters")
        yield found


def signed(emulator: MiniStack, body: bytes = SCAN, keys: Credentials | None = None) -> dict[str, str]:
    """The headers of a Scan as a client of AWS sends them."""
    request = AWSRequest("POST", f"{emulator.url}/", dict(AS_DYNAMODB), body)
    SigV4Auth(Signer(*(keys or emulator.keys.credentials)), "dynamodb", "us-east-1").add_auth(request)
    return dict(request.headers.items())


@pytest.fixture
def ask(emulator: MiniStack) -> Ask:
    """Sends one request with these headers and no others; status and body."""

    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc, timeout=30)
        host = {} if any(name.lower() == "host" for name in headers) else {"Host": urlsplit(emulator.url).netloc}
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in (host | dict(headers) | {"Content-Length": str(len(body))}).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read()

    return ask


def forged(key: str) -> dict[str, str]:
    """What MiniStack alone takes for an account's root: a key, and a signature that nobody looks at."""
    scope = f"Credential={key}/20261129/us-east-1/dynamodb/aws4_request"
    return AS_DYNAMODB | {
        "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host;x-amz-date, Signature=00",
        "X-Amz-Date": "20261129T120000Z",
    }


def test_a_client_with_the_keys_is_served(emulator: MiniStack, ask: Ask) -> None:
    status, body = ask("POST", "/", signed(emulator), SCAN)
    assert (status, json.loads(body)["Items"]) == (200, [{"pk": {"S": "王芳"}}])
    s3 = Cloud(emulator.url, emulator.keys.credentials).client("s3")
    name = "a b/ü+~?=&/../x"
    s3.put_object(Bucket="letters", Key=name, Body=os.urandom(300_000))
    assert [one["Key"] for one in s3.list_objects_v2(Bucket="letters", Prefix=name)["Contents"]] == [name]
    assert len(s3.get_object(Bucket="letters", Key=name)["Body"].read()) == 300_000


@pytest.mark.parametrize("key", ["test", "000000000000", "AKIAIOSFODNN7EXAMPLE", ""])
def test_a_key_that_this_start_did_not_give_is_refused(ask: Ask, key: str) -> None:
    assert ask("POST", "/", forged(key), SCAN)[0] == 403


@pytest.mark.parametrize(
    "change",
    [
        lambda headers, keys: {name: value for name, value in headers.items() if name != "Authorization"},
        lambda headers, keys: headers | forged(keys.access_key_id),
        lambda headers, keys: headers | {"X-Amz-Target": "DynamoDB_20120810.DeleteTable"},
        lambda headers, keys: headers | {"Authorization": headers["Authorization"][:-1] + "x"},
        lambda headers, keys: headers | {"Authorization": headers["Authorization"].replace("host;", "")},
        lambda headers, keys: headers | {"Authorization": f"AWS {keys.access_key_id}:AAAA"},
        lambda headers, keys: headers | {"Authorization": "AWS4-HMAC-SHA256 "},
        lambda headers, keys: headers | {"Origin": "http://localhost:8999"},
        lambda headers, keys: headers | {"Origin": "null"},
        lambda headers, keys: headers | {"Referer": "http://stranger.example/"},
        lambda headers, keys: headers | {"Sec-Fetch-Site": "none"},
        lambda headers, keys: headers | {"Sec-Fetch-Mode": "no-cors"},
        lambda headers, keys: headers | {"Host": "stranger.example"},
        lambda headers, keys: headers | {"Host": "127.0.0.1"},
        lambda headers, keys: headers | {"Host": "letters.s3.localhost"},
        lambda headers, keys: headers | {OWNER_KEY: "guessed"},
        lambda headers, keys: headers | {OWNER_KEY: ""},
    ],
)
def test_a_signed_request_that_a_browser_sent_or_that_was_changed_is_refused(
    emulator: MiniStack, ask: Ask, change: Callable[[dict[str, str], Credentials], dict[str, str]]
) -> None:
    assert ask("POST", "/", change(signed(emulator), emulator.keys.credentials), SCAN)[0] == 403


def test_what_is_signed_is_the_body_too(emulator: MiniStack, ask: Ask) -> None:
    assert ask("POST", "/", signed(emulator), SCAN.replace(b"orders", b"secret"))[0] == 403


def test_a_host_that_was_not_signed_or_comes_twice_is_refused(emulator: MiniStack, ask: Ask) -> None:
    host = urlsplit(emulator.url).netloc
    assert ask("POST", "/", signed(emulator) | {"Host": host, "HOST": host}, SCAN)[0] in (400, 403)
    assert ask("POST", "/", signed(emulator) | {"Host": host.replace("127.0.0.1", "localhost")}, SCAN)[0] == 403


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        "/_ministack/reset",
        "/_ministack/ses/messages",
        "/_ministack/lambda-code/x",
        "/%5Fministack/reset",
        "/_localstack/health",
        "/_aws/ses",
        "/health",
        "/",
        "/letters",
        "/2015-03-31/functions",
        "/oauth2/authorize",
        "/v2/email/identities",
    ],
)
def test_nothing_is_told_or_done_without_keys(emulator: MiniStack, ask: Ask, method: str, path: str) -> None:
    assert ask(method, path, {})[0] == 403
    for host in DATA_PLANES:  # which the front alone may name
        assert ask(method, path, {"Host": host})[0] == 403


@pytest.mark.parametrize("path", ["/_ministack/reset", "/_ministack/health", "/health", "/_localstack/health"])
def test_who_has_the_keys_of_the_stack_still_may_not_change_the_emulator(
    emulator: MiniStack, ask: Ask, path: str
) -> None:
    request = AWSRequest("POST", f"{emulator.url}{path}", {}, b"")
    SigV4Auth(Signer(*emulator.keys.credentials), "dynamodb", "us-east-1").add_auth(request)
    assert ask("POST", path, dict(request.headers.items()))[0] == 403


def test_the_owners_key_opens_the_emulator_itself_and_the_front_alone(emulator: MiniStack, ask: Ask) -> None:
    assert json.loads(emulator.ask("/_ministack/health"))["services"]
    assert ask("POST", "/", emulator.proof | AS_DYNAMODB, SCAN)[0] == 403
    for host in DATA_PLANES:
        assert ask("GET", "/products/", emulator.proof | {"Host": host, "Origin": "http://127.0.0.1:8000"})[0] != 403
        for path in ("/_ministack/health", "/_ministack/ses/messages", "/%5Fministack/health", "/health", "/oauth2/x"):
            assert ask("GET", path, emulator.proof | {"Host": host})[0] == 403


def test_no_websocket_opens(ask: Ask) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode(),
    }
    assert ask("GET", "/", upgrade)[0] == 403


def test_a_refusal_lets_no_page_read_it(ask: Ask, emulator: MiniStack) -> None:
    connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc, timeout=30)
    connection.request("OPTIONS", "/", headers={"Origin": "null", "Access-Control-Request-Method": "POST"})
    answer = connection.getresponse()
    assert answer.status == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_each_start_has_keys_of_its_own(emulator: MiniStack, ask: Ask, tmp_path: Any) -> None:
    with ministack(Paths(state=tmp_path), free_ports().aws, auth=True) as other:
        other.wait()
        assert not {*other.keys.credentials, other.keys.owner} & {*emulator.keys.credentials, emulator.keys.owner}
        assert ask("POST", "/", signed(emulator, keys=other.keys.credentials), SCAN)[0] == 403
        assert Cloud(other.url, other.keys.credentials).client("dynamodb").list_tables()["TableNames"] == []


@pytest.mark.parametrize("auth", [True, False])
def test_a_functions_keys_open_the_emulator_to_the_function_alone(tmp_path: Any, auth: bool) -> None:
    """MiniStack derives them from the function's name, so that whoever reads a name could sign as the function."""
    with ministack(Paths(state=tmp_path), free_ports().aws, auth) as found:
        found.wait()
        cloud = Cloud(found.url, found.keys.credentials)
        says = "import os\ndef tell(event, context):\n    return {k: os.environ.get(k) for k in event}\n"
        function = _function(cloud, says)
        names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "EMULATOR_OWNER_KEY"]
        answer = cloud.client("lambda").invoke(FunctionName=function["FunctionName"], Payload=json.dumps(names))
        key, secret, token, owner = json.loads(answer["Payload"].read()).values()
        assert owner is None
        assert key != found.keys.credentials.access_key_id
        assert _caller(found, key, secret, token)
        if auth:
            assert secret != found.keys.credentials.secret_access_key
            assert not _caller(found, *_derived(function), "")
        assert not _caller(found, key, "test", token)


def _function(cloud: Cloud, code: str) -> dict[str, Any]:
    """A function that runs `tell` of this code."""
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("index.py", code)
    trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = cloud.client("iam").create_role(RoleName="teller", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    made: dict[str, Any] = cloud.client("lambda").create_function(
        FunctionName="teller",
        Runtime="python3.13",
        Role=role,
        Handler="index.tell",
        Code={"ZipFile": packed.getvalue()},
    )
    return made


def _derived(function: Mapping[str, Any]) -> tuple[str, str]:
    """The key and secret that MiniStack itself would give."""
    from hashlib import sha256

    digest = sha256(f"{function['FunctionArn']}:{function['Role']}".encode()).hexdigest()
    return f"ASIA{digest[:16].upper()}", sha256(f"secret:{digest}".encode()).hexdigest()


def _caller(emulator: MiniStack, key: str, secret: str, token: str) -> bool:
    """Whether these keys are let in at all."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    sts = boto3.client(
        "sts",
        endpoint_url=emulator.url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token or None,
        config=Config(retries={"total_max_attempts": 1}),
    )
    try:
        sts.get_caller_identity()
    except (BotoCoreError, ClientError):
        return False
    return True


def test_keys_that_are_made_from_a_secret_replace_those_that_anybody_could_make() -> None:
    class Sts:
        _sessions: dict[str, Any] = {}  # noqa: RUF012 - as MiniStack's module has it

        @classmethod
        def register_session(cls, key: str, session: dict[str, Any]) -> None:
            cls._sessions[key] = session

    def derive(function: str) -> dict[str, str]:
        Sts.register_session(f"ASIA{function}", {"Arn": f"role of {function}", "SecretAccessKey": "known"})
        return {"AWS_ACCESS_KEY_ID": f"ASIA{function}", "AWS_SECRET_ACCESS_KEY": "known", "AWS_SESSION_TOKEN": "known"}

    one, other = (unguessable(derive, Sts, secret) for secret in ("one", "other"))
    first, again, elsewhere, of_another = one("A"), one("A"), other("A"), one("B")
    assert first == again
    assert len({found["AWS_ACCESS_KEY_ID"] for found in (first, elsewhere, of_another)}) == 3
    assert {session["Arn"] for session in Sts._sessions.values()} == {"role of A", "role of B"}
    assert "known" not in {value for session in Sts._sessions.values() for value in session.values()}
    assert not {"ASIAA", "ASIAB"} & {*Sts._sessions}
