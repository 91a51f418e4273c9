"""The open books in the table, record by record, and the file that is published of them.

Each record is written on the condition that none stands in its place, so none is ever written again; the file is made
of all of them, anew each night.
"""

import json
from typing import Any

from chalicelib.domain.desk.kept import FILE, Record
from chalicelib.storage.keys import KEPT, kept_key
from chalicelib.storage.table import Table


class KeptStore:
    """The chain of the open books."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def records(self) -> list[Record]:
        """Return all records, the first of them first."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": KEPT}},
            ConsistentRead=True,
        )
        return [json.loads(item["body"]["S"]) for item in pages]

    def append(self, record: Record) -> bool:
        """Write the record in its place; return False where one stands there already."""
        item = {**kept_key(record["n"]), "body": {"S": json.dumps(record, ensure_ascii=False, sort_keys=True)}}
        return self.table.write("put_item", Item=item, ConditionExpression="attribute_not_exists(pk)")


class KeptFile:
    """The file of the open books in the site's bucket, through a botocore client of S3."""

    def __init__(self, client: Any, bucket: str) -> None:
        self.client, self.bucket = client, bucket

    def write(self, data: bytes) -> None:
        """Publish it; raise what S3 answers."""
        self.client.put_object(
            Bucket=self.bucket,
            Key=FILE,
            Body=data,
            ContentType="application/json",
            CacheControl="public, max-age=60",
        )
