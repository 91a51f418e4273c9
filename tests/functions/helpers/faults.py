"""Faults that no emulator makes, injected where botocore calls, as DynamoDB would answer."""

from typing import Any

from botocore.awsrequest import AWSResponse

from tests.functions.helpers.world import World


def meets(world: World, operation: str, faults: list[dict[str, Any] | Exception]) -> list[int]:
    """Has the next calls of `operation` meet these faults and not reach the table; gives the list of calls so far."""
    calls: list[int] = []
    waiting = iter(faults)

    def meet(**_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        calls.append(len(calls))
        fault = next(waiting, None)
        if isinstance(fault, Exception):
            raise fault
        return (AWSResponse("http://table", 400, {}, None), fault) if fault else None

    # Not before-send, where the emulator in process would still do the write whose answer is replaced.
    world.client.meta.events.register(f"before-call.dynamodb.{operation}", meet)
    return calls


def error(code: str, **more: Any) -> dict[str, Any]:
    return {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {}, **more}


def cancelled(*codes: str) -> dict[str, Any]:
    return error("TransactionCanceledException", CancellationReasons=[{"Code": code} for code in codes])
