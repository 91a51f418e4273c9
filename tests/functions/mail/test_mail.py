"""How letters leave: who carries them, what a carrier's refusal means, and what none of it costs the API."""

import json
import os
import smtplib
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from chalicelib.domain.mailbox import parts
from chalicelib.domain.settings import Settings
from chalicelib.mail import Undeliverable, mailer
from chalicelib.mail.ses import Ses
from chalicelib.mail.smtp import Smtp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from moto import mock_aws
from moto.ses.models import ses_backends

from tests.functions.helpers.addresses import HONEST
from tests.functions.helpers.world import make_catalog, make_client

SETTINGS = Settings("shop", "secret", "local", "http://shop", timedelta(seconds=900), "shop@example.com")


def make_message(to: str = "wang@example.com") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "订单"
    message["From"] = "村播小铺 <shop@example.com>"
    message["To"] = Address("", *parts(to))
    message.set_content("你好！", cte="quoted-printable")
    return message


class Server:
    """An aiosmtpd handler that keeps letters, or answers each recipient with `answer`."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.letters: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.passwords: list[bytes] = []
        self.over_tls: list[bool] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters.append(envelope.content)
        self.over_tls.append(session.ssl is not None)
        self.envelopes.append((envelope.mail_from, [*envelope.rcpt_tos]))
        return "250 OK"

    def check(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.passwords.append(data.password)
        return AuthResult(success=True)


@contextmanager
def listening(server: Server, **options: Any) -> Iterator[str]:
    """Host and port of a mail server with this handler."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port, authenticator=server.check, **options)
    controller.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        controller.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate that nobody has signed, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "server.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def test_a_letter_goes_by_smtp() -> None:
    server = Server()
    with listening(server) as place:
        Smtp(f"smtp://{place}").send(make_message())
    [letter] = server.letters
    assert b"To: wang@example.com" in letter


def test_by_smtp_and_by_ses_a_letter_goes_to_the_address_as_it_was_given_and_to_nobody_else(ses: Any) -> None:
    server = Server()
    ses.create_email_identity(EmailIdentity="example.com")
    with listening(server) as place:
        for to in HONEST:
            Smtp(f"smtp://{place}").send(make_message(to))
            Ses(ses).send(make_message(to))
    assert server.envelopes == [("shop@example.com", [to]) for to in HONEST]
    sent = ses_backends["123456789012"]["us-east-1"].sent_messages
    assert [(one.source, {*one.destinations}) for one in sent] == [("shop@example.com", {to}) for to in HONEST]
    for raw in (*server.letters, *(one.raw_data.encode() for one in sent)):
        to = message_from_bytes(raw, policy=default)["To"]
        assert [one.addr_spec for one in to.addresses] == [str(to)]
        assert str(to) in HONEST


@pytest.mark.parametrize("user", ["user:secret@", ""])
def test_nothing_goes_to_a_server_whose_certificate_is_not_good(certificate: Path, user: str) -> None:
    server = Server()
    with (
        listening(server, tls_context=tls(certificate)) as place,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        Smtp(f"smtp://{user}{place}").send(make_message())
    with (
        listening(server, ssl_context=tls(certificate)) as place,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        Smtp(f"smtps://{user}{place}").send(make_message())
    assert (server.passwords, server.letters) == ([], [])


def test_no_password_goes_to_a_server_that_has_no_tls() -> None:
    server = Server()
    with listening(server) as place, pytest.raises(smtplib.SMTPNotSupportedError):
        Smtp(f"smtp://user:secret@{place}").send(make_message())
    assert (server.passwords, server.letters) == ([], [])


def elsewhere(place: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same server by the name of another machine."""
    connect, (host, port) = socket.create_connection, place.split(":")
    monkeypatch.setattr(socket, "create_connection", lambda _, *rest, **more: connect((host, int(port)), *rest, **more))
    return f"mail.example:{port}"


def test_no_letter_leaves_this_machine_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    with listening(server) as place, pytest.raises(smtplib.SMTPNotSupportedError):
        Smtp(f"smtp://{elsewhere(place, monkeypatch)}").send(make_message())
    assert server.letters == []


@pytest.mark.parametrize("away", [True, False])
def test_a_letter_goes_over_tls_where_the_server_offers_it_also_without_a_user(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    trusting.check_hostname = False
    context = tls(certificate)
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    server = Server()
    with listening(server, tls_context=context) as place:
        Smtp(f"smtp://{elsewhere(place, monkeypatch) if away else place}").send(make_message())
    assert (len(server.letters), server.over_tls) == (1, [True])


def test_a_password_goes_over_tls_as_it_was_before_it_stood_in_a_url(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    trusting.check_hostname = False
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    server, context = Server(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with listening(server, tls_context=context) as place:
        Smtp(f"smtp://user:p%40ss%2F@{place}").send(make_message())
    assert (server.passwords, len(server.letters)) == ([b"p@ss/"], 1)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("550 5.1.1 no such user", Undeliverable),
        ("550 5.7.1 relaying denied", smtplib.SMTPRecipientsRefused),
        ("451 4.3.0 try again later", smtplib.SMTPRecipientsRefused),
    ],
)
def test_only_an_address_that_nobody_has_is_given_up_by_smtp(answer: str, error: type[Exception]) -> None:
    with listening(Server(answer)) as place, pytest.raises(error):
        Smtp(f"smtp://{place}").send(make_message())


def test_a_mail_server_that_is_away_is_worth_another_try() -> None:
    with listening(Server()) as place:
        pass
    with pytest.raises(OSError, match="refused"):
        Smtp(f"smtp://{place}").send(make_message())


@pytest.fixture
def ses() -> Iterator[Any]:
    """A client of SES in process."""
    with mock_aws():
        yield make_client("sesv2")


def test_a_letter_goes_by_ses_as_it_was_written(ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="example.com")
    Ses(ses).send(make_message())
    [sent] = ses_backends["123456789012"]["us-east-1"].sent_messages
    assert (sent.source, {*sent.destinations}) == ("shop@example.com", {"wang@example.com"})
    assert "你好" not in sent.raw_data
    assert "=E4=BD=A0=E5=A5=BD" in sent.raw_data


def test_a_sender_that_is_not_verified_is_worth_another_try(ses: Any) -> None:
    with pytest.raises(ses.exceptions.MessageRejected):
        Ses(ses).send(make_message())


@pytest.mark.parametrize(
    ("code", "error"), [("BadRequestException", Undeliverable), ("TooManyRequestsException", ClientError)]
)
def test_only_a_request_that_can_never_be_right_is_given_up_by_ses(code: str, error: type[Exception]) -> None:
    client = make_client("sesv2")
    with Stubber(client) as stub, pytest.raises(error):
        stub.add_client_error("send_email", code)
        Ses(client).send(make_message())


@pytest.mark.parametrize(
    ("mail_from", "mail_by", "smtp", "chosen"),
    [
        ("shop@example.com", "smtp", "smtp://mail", Smtp),
        ("shop@example.com", "smtp", "", None),
        ("shop@example.com", "ses", "", Ses),
        ("shop@example.com", "ses", "smtp://mail", Ses),
        ("", "smtp", "smtp://mail", None),
        ("", "ses", "", None),
    ],
)
def test_settings_choose_who_carries_letters(mail_from: str, mail_by: Any, smtp: str, chosen: Any) -> None:
    settings = msgspec.structs.replace(SETTINGS, mail_from=mail_from, mail_by=mail_by, mail_secret="mail")
    asked: list[str] = []
    said = {"SecretString": json.dumps({"smtp": smtp})}

    def client(service: str) -> Any:
        asked.append(service)
        return SimpleNamespace(get_secret_value=lambda **_: said)

    found = mailer(settings, client)
    assert type(found) is (chosen or type(None))
    assert asked == ([] if not mail_from else ["sesv2" if mail_by == "ses" else "secretsmanager"])


def test_the_apis_cold_start_imports_nothing_that_only_letters_need() -> None:
    """What botocore itself imports of `email` is there anyway; the packages for writing mail are not."""
    script = """
import json, sys
from pathlib import Path
from types import SimpleNamespace
import app
from chalicelib import bootstrap
catalogue = sys.stdin.read().encode()
Path.read_bytes = lambda path: catalogue
secret = {"SecretString": json.dumps({"current": "s" * 40})}
bootstrap.aws = lambda: lambda service: SimpleNamespace(get_secret_value=lambda SecretId: secret)
bootstrap.begin()
print(json.dumps(sorted(sys.modules)))
"""
    environ = {**os.environ, "TABLE_NAME": "t", "SECRET_ID": "s", "STAGE": "local", "SHOP_URL": "http://shop"}
    command, catalogue = [sys.executable, "-c", script], msgspec.json.encode(make_catalog()).decode()
    done = subprocess.run(command, input=catalogue, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    assert "chalicelib.services.rooms" in loaded
    needed = {"jinja2", "markupsafe", "smtplib", "email.headerregistry", "email.mime"}
    needed |= {"chalicelib.mail", "chalicelib.jobs", "chalicelib.services.audit"}
    assert not {name for name in loaded for one in needed if name == one or name.startswith(f"{one}.")}
