"""MiniStack behind a guard: MiniStack serves whoever reaches its port, a stranger's web page too; the guard its owner.

It runs in MiniStack's own process and environment, and so imports nothing of the project.
"""

import hmac
import os
import re
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, quote

OWNER_KEY = "X-Emulator-Key"
"""The header by which the process that started the emulator proves itself."""
OWNER_KEY_VARIABLE = "EMULATOR_OWNER_KEY"
"""The variable that brings its value."""
OF_BROWSERS = (b"origin", b"referer", b"sec-")
"""How headers begin that browsers set and clients of AWS do not."""
ADMIN = re.compile(r"/_[^/]*(/.*)?|/health", re.DOTALL)
"""Paths at which MiniStack shows and changes itself, unsigned: for its owner alone."""
SHADOWS = re.compile(r"/(oauth2|iceberg.*|v2|v20180820)(/.*)?|/(login|logout)", re.DOTALL)
"""Paths of services that it answers on every host, the site's too, before it looks for a page."""
KEY = OWNER_KEY.lower().encode()
ALGORITHM = "AWS4-HMAC-SHA256 "
REFUSED = (
    b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>this emulator of AWS serves the stack that started it,"
    b" and commands that have its keys</Message></Error></ErrorResponse>\n"
)
"""What every protocol of AWS' clients can read."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Credentials = dict[str, str]
"""By the names of AWS' variables, such as AWS_ACCESS_KEY_ID."""


class Guard:
    """An ASGI application that lets through to `app` what its owner asks, and what is signed with keys of this start.

    `is_signed` returns whether a request's signature is good: its method, path as sent, query, headers and body.
    """

    def __init__(self, app: App, port: int, owner_key: str, is_signed: Callable[..., bool]) -> None:
        self.app = app
        self.hosts = {f"127.0.0.1:{port}".encode(), f"localhost:{port}".encode()}
        self.owner_key = owner_key.encode()
        self.is_signed = is_signed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or one connection of another kind."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif passed := await self._passed(scope, receive):
            await self.app(*passed, send)
        else:
            headers = [(b"content-type", b"text/xml"), (b"content-length", str(len(REFUSED)).encode())]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": REFUSED})

    async def _passed(self, scope: Scope, receive: Receive) -> tuple[Scope, Receive] | None:
        """Return the request as MiniStack is to see it; None where it is refused."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        ours = len(hosts) == 1 and hosts[0] in self.hosts
        admin = ADMIN.fullmatch(scope["path"]) is not None
        keys = [value for name, value in scope["headers"] if name == KEY]
        if keys:
            # The owner asks the emulator itself how it is; the front asks the shop's API and site, by their hosts.
            good = len(keys) == len(hosts) == 1 and hmac.compare_digest(keys[0], self.owner_key)
            if not good or admin != ours or (not ours and SHADOWS.fullmatch(scope["path"])):
                return None
            # A function gets every header of its request, and must not learn this one.
            kept = [pair for pair in scope["headers"] if pair[0] != KEY]
            return {**scope, "headers": kept}, receive
        if admin or not ours or any(name.startswith(OF_BROWSERS) for name, _ in scope["headers"]):
            return None
        return await self._signed(scope, receive)

    async def _signed(self, scope: Scope, receive: Receive) -> tuple[Scope, Receive] | None:
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            headers[key] = f"{headers[key]},{text}" if key in headers else text
        if not headers.get("authorization", "").startswith(ALGORITHM):
            return None
        body = b""
        if "x-amz-content-sha256" not in headers:  # else the signature names the body's digest, and S3 looks at it
            body, receive = await _read(receive)
        path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        return (scope, receive) if self.is_signed(scope["method"], path, query, headers, body) else None


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    """Return a request's whole body, and what gives its messages once more."""
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    again = iter(messages)

    async def repeat() -> dict[str, Any]:
        return next(again, None) or await receive()

    return b"".join(message.get("body", b"") for message in messages), repeat


def signature_check(secret_of: Callable[[str], str | None]) -> Callable[..., bool]:
    """Return what checks a signature, by MiniStack's own arithmetic; MiniStack itself does not for an account's root.

    `secret_of` returns the secret of an access key; None for one that nobody was given.
    """
    sigv4: Any = import_module("ministack.core.sigv4")

    def is_signed(method: str, path: str, query: Mapping[str, Any], headers: Mapping[str, str], body: bytes) -> bool:
        signature = sigv4.parse_header_signature(headers)
        if isinstance(signature, tuple) or "host" not in signature.signed_headers.split(";"):
            return False
        secret = secret_of(signature.access_key_id)
        if secret is None:
            return False
        return sigv4.header_signature_failure(signature, secret, method, path, query, headers, body) is None

    return is_signed


def unguessable(derive: Callable[[Any], Credentials], sts: Any, secret: str) -> Callable[[Any], Credentials]:
    """Return what gives a function its keys, which follow from `secret`; MiniStack's own follow from its name alone.

    `derive` returns MiniStack's own, and `sts` keeps which keys are good.
    """
    lock = threading.Lock()

    def execution_credentials(function: Any) -> Credentials:
        with lock:
            known = derive(function)
            session = sts._sessions.pop(known["AWS_ACCESS_KEY_ID"], None)
            if session is None:  # no permissions are checked: it has the account's key, whose secret is ours
                return known
            key, hidden, token = (
                hmac.new(secret.encode(), f"{use}:{known['AWS_ACCESS_KEY_ID']}".encode(), "sha256").hexdigest()
                for use in ("key", "secret", "token")
            )
            found = {
                "AWS_ACCESS_KEY_ID": f"ASIA{key[:16].upper()}",
                "AWS_SECRET_ACCESS_KEY": hidden,
                "AWS_SESSION_TOKEN": token,
            }
            session |= {"SecretAccessKey": hidden, "SessionToken": token}
            sts.register_session(found["AWS_ACCESS_KEY_ID"], session)
            return found

    return execution_credentials


def main() -> None:
    """Run MiniStack behind the guard, by MiniStack's own variables; those of AWS hold the credentials of this start."""
    owner_key = os.environ.pop(OWNER_KEY_VARIABLE)  # functions inherit what the environment holds
    access_key, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    sts: Any = import_module("ministack.services.sts")
    runtime: Any = import_module("ministack.core.lambda_runtime")
    runtime.execution_credentials = unguessable(runtime.execution_credentials, sts, secret)
    emulator: Any = import_module("ministack.app")  # not before: it takes those credentials by name

    def secret_of(key: str) -> str | None:
        if key == access_key or re.fullmatch(r"\d{12}", key):  # an account's number is its root's key
            return secret
        found: str | None = sts._sessions.get(key, {}).get("SecretAccessKey")
        return found

    emulator.app = Guard(emulator.app, int(os.environ["GATEWAY_PORT"]), owner_key, signature_check(secret_of))
    sys.exit(emulator.main())


if __name__ == "__main__":
    main()
