"""The IAM roles: one for each that needs one, none shared."""

from typing import Final

from seatrial.acceptance.applicability import lacks_addon
from seatrial.acceptance.expectations import arn, distinct, ends, joined
from seatrial.acceptance.model import Case, Finding
from seatrial.acceptance.outputs import Outputs


def _role(key: str) -> Finding:
    def check(outputs: Outputs) -> str | None:
        return arn(key, outputs[key], "iam", "role/")

    return check


def _no_flow_logs(outputs: Outputs) -> str | None:
    return None if "flowLogGroupName" in outputs else "flow logs are off (there is no output flowLogGroupName)"


def _roles(outputs: Outputs) -> dict[str, str]:
    return {key: value for key, value in outputs.items() if key.endswith("RoleArn")}


def _distinct(outputs: Outputs) -> str | None:
    return distinct("the roles", _roles(outputs).values())


def _suffixed(outputs: Outputs) -> str | None:
    suffix = outputs["environmentSuffix"]
    return joined(ends(key, value, suffix) for key, value in _roles(outputs).items())


CASES: Final = (
    Case(row=19, name="the control plane has a role", check=_role("clusterRoleArn")),
    Case(row=19, name="the nodes have a role", check=_role("nodeRoleArn")),
    Case(
        row=19,
        name="vpc-cni has a role of its own",
        check=_role("vpcCniRoleArn"),
        not_applicable=lacks_addon("vpc-cni"),
    ),
    Case(
        row=19,
        name="the EBS CSI driver has a role of its own",
        check=_role("ebsCsiRoleArn"),
        not_applicable=lacks_addon("aws-ebs-csi-driver"),
    ),
    Case(row=19, name="flow logs have a role", check=_role("flowLogRoleArn"), not_applicable=_no_flow_logs),
    Case(row=19, name="no role serves two purposes", check=_distinct),
    Case(row=22, name="role names carry the environment's suffix", check=_suffixed),
)
