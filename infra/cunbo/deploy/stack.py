"""Deploys the packaged template as one CloudFormation stack, by a change set, and reads what came of it."""

import hashlib
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from cunbo.core.cloud import Cloud
from cunbo.core.refusal import Refusal
from cunbo.deploy.code_bucket import CodeBucket
from cunbo.deploy.package import Package

TAG = "cunbo:digest"
REVISION = "SecretRevision"
"""The parameter that stands in each function's environment, and so makes every process new."""
Outputs = dict[str, str]


class Stack:
    """The stack of one stage; its name is cunbo-<stage>."""

    def __init__(self, cloud: Cloud, stage: str) -> None:
        self.cloud = cloud
        self.stage = stage
        self.name = f"cunbo-{stage}"
        self.formation = cloud.client("cloudformation")

    def outputs(self) -> Outputs:
        """Return the stack's outputs by name; raises Refusal where it is not deployed."""
        found = self._describe()
        if found is None:
            raise Refusal(f"the stage {self.stage} is not deployed: run `make deploy STAGE={self.stage}`")
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", ())}

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the last deployment; empty before the first."""
        found = self._describe() or {}
        return {entry["ParameterKey"]: entry["ParameterValue"] for entry in found.get("Parameters", ())}

    def deploy(self, made: Package, parameters: Mapping[str, str]) -> bool:
        """Deploy `made` with `parameters`; return False where nothing had changed."""
        template, code = made.template.read_bytes(), made.code.read_bytes()
        tag = hashlib.sha256(b"\0".join([template, code, repr(sorted(parameters.items())).encode()])).hexdigest()
        found = self._describe()
        if found and found["StackStatus"].endswith("_COMPLETE") and _digest(found) == tag:
            return False
        bucket = CodeBucket(self.cloud)
        bucket.prepare(kept=self.parameters().get("CodeKey"))
        key = bucket.put("functions", ".zip", code)
        url = bucket.url(bucket.put("templates", ".json", template))
        values = {**parameters, "CodeBucket": bucket.name, "CodeKey": key}
        what = {
            "TemplateURL": url,
            "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()],
            "Tags": [{"Key": TAG, "Value": tag}],
        }
        self._change(what, f"to-{tag[:32]}", first=found is None)
        return True

    def restart(self) -> None:
        """Have every function start new processes, and wait until no other begins a call; all else stays as it is."""
        revision = str(int(self.parameters().get(REVISION) or 0) + 1)
        self._set(REVISION, revision, f"revision-{revision}")

    def set_code(self, key: str) -> None:
        """Have every function run the zip that lies at this key of the code bucket; all else stays as it is.

        The next deployment takes nothing for unchanged. Where a function cannot take it, CloudFormation has all of them
        run what they ran before, and a Refusal says why.
        """
        self._set("CodeKey", key, "code", Tags=[{"Key": TAG, "Value": key.rpartition("/")[2][:64]}])

    def _set(self, parameter: str, value: str, name: str, **more: Any) -> None:
        """Change one parameter of the stack as it stands; change sets that fail keep their names: no two share one."""
        kept = [{"ParameterKey": one, "UsePreviousValue": True} for one in self.parameters() if one != parameter]
        anew = [*kept, {"ParameterKey": parameter, "ParameterValue": value}]
        what = {"UsePreviousTemplate": True, "Parameters": anew, **more}
        self._change(what, f"{name}-{token_hex(4)}", first=False)

    def _describe(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self.formation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return None if found["StackStatus"] == "REVIEW_IN_PROGRESS" else found

    def _change(self, what: Mapping[str, Any], name: str, *, first: bool) -> None:
        change = {"StackName": self.name, "ChangeSetName": name}
        self.formation.create_change_set(
            **change,
            **what,
            ChangeSetType="CREATE" if first else "UPDATE",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        pace = {"Delay": 5, "MaxAttempts": 720} if self.cloud.endpoint is None else {"Delay": 0.1, "MaxAttempts": 600}
        try:
            self.formation.get_waiter("change_set_create_complete").wait(**change, WaiterConfig=pace)
            self.formation.execute_change_set(**change)
            done = "stack_create_complete" if first else "stack_update_complete"
            self.formation.get_waiter(done).wait(StackName=self.name, WaiterConfig=pace)
        except WaiterError as error:
            raise Refusal(f"the stack {self.name} was not deployed: {self._reason(change) or error}") from error

    def _reason(self, change: Mapping[str, str]) -> str:
        """Return what CloudFormation says went wrong first."""
        events = self.formation.describe_stack_events(StackName=self.name)["StackEvents"]
        failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
        if failed:
            return f"{failed[-1]['LogicalResourceId']}: {failed[-1].get('ResourceStatusReason', '')}"
        reason: str = self.formation.describe_change_set(**change).get("StatusReason", "")
        return reason


def _digest(found: Mapping[str, Any]) -> str | None:
    return next((tag["Value"] for tag in found.get("Tags", ()) if tag["Key"] == TAG), None)
