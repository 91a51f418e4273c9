"""The transport over the network: urllib3, which botocore has loaded already. It waits a second for the connection and
three for the answer, since a shopper waits with it, and leaves trying again to its callers.
"""

from collections.abc import Mapping

import urllib3

from chalicelib.network import Away, Reply

CONNECT, READ = 1.0, 3.0
"""Seconds."""
MOST = 64 << 20
"""Bytes of an answer: a day's statement of 100,000 rows has some 30 MB."""


class Network:
    """Sends requests to providers' servers, and keeps connections open between them."""

    def __init__(self, read: float = READ) -> None:
        self.pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=CONNECT, read=read), retries=False)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Return the answer, whatever its status; raise Away where there is none in time, or one beyond all bounds."""
        try:
            answer = self.pool.request(
                method, url, body=body or None, headers=dict(headers), redirect=False, preload_content=False
            )
            found = answer.read(MOST + 1)
            answer.release_conn()
        except urllib3.exceptions.HTTPError as error:
            raise Away(type(error).__name__) from error  # its words may hold the address, and so a signature
        if len(found) > MOST:
            raise Away("the answer is too large")
        return Reply(answer.status, {name.lower(): value for name, value in answer.headers.items()}, found)
