"""The controllers that charts install: their version, their service account, their role."""

from typing import Final

from seatrial import releases
from seatrial.acceptance.applicability import lacks_chart, unknown_version
from seatrial.acceptance.expectations import arn, matches
from seatrial.acceptance.model import Case, Finding
from seatrial.acceptance.outputs import Outputs
from seatrial.acceptance.shapes import CHART_VERSION

_LOAD_BALANCER: Final = "aws-load-balancer-controller"
_AUTOSCALER: Final = "cluster-autoscaler"
_INTERRUPTION: Final = "aws-node-termination-handler"

_LOAD_BALANCER_MAJOR: Final = "3."
"""The major whose IAM policy the controller's role has."""


def _version(chart: str) -> Finding:
    def check(outputs: Outputs) -> str | None:
        return matches(f"the version of chart {chart}", outputs.map_of("chartVersions")[chart], CHART_VERSION, "3.5.0")

    return check


def _account(chart: str) -> Finding:
    expected = f"kube-system/{chart}"

    def check(outputs: Outputs) -> str | None:
        accounts = outputs.items_of("serviceAccounts")
        return None if expected in accounts else f"serviceAccounts does not name {expected}"

    return check


def _role(key: str) -> Finding:
    def check(outputs: Outputs) -> str | None:
        return arn(key, outputs[key], "iam", "role/")

    return check


def _load_balancer_major(outputs: Outputs) -> str | None:
    found = outputs.map_of("chartVersions")[_LOAD_BALANCER]
    if found.startswith(_LOAD_BALANCER_MAJOR):
        return None
    return f"chart {_LOAD_BALANCER} is {found}; expected {_LOAD_BALANCER_MAJOR}x, which the role's policy is made for"


def _no_pairing(outputs: Outputs) -> str | None:
    return lacks_chart(_AUTOSCALER)(outputs) or unknown_version(outputs)


def _autoscaler_released(outputs: Outputs) -> str | None:
    minor, known = outputs["clusterVersion"], releases.autoscaled_minors()
    if minor in known:
        return None
    return f"clusterVersion is {minor!r}; expected one that an autoscaler is released for: {', '.join(known)}"


def _installed(row: int, subject: str, chart: str) -> tuple[Case, ...]:
    off = lacks_chart(chart)
    return (
        Case(row=row, name=f"{subject} is installed in one version", check=_version(chart), not_applicable=off),
        Case(row=row, name=f"{subject} has a service account", check=_account(chart), not_applicable=off),
    )


def _with_role(row: int, subject: str, chart: str, key: str) -> Case:
    name = f"{subject} has a role of its own"
    return Case(row=row, name=name, check=_role(key), not_applicable=lacks_chart(chart))


CASES: Final = (
    *_installed(5, "the load balancer controller", _LOAD_BALANCER),
    _with_role(5, "the load balancer controller", _LOAD_BALANCER, "loadBalancerControllerRoleArn"),
    Case(
        row=5,
        name="the load balancer controller is of the major that its policy is made for",
        check=_load_balancer_major,
        not_applicable=lacks_chart(_LOAD_BALANCER),
    ),
    *_installed(6, "the cluster autoscaler", _AUTOSCALER),
    _with_role(6, "the cluster autoscaler", _AUTOSCALER, "clusterAutoscalerRoleArn"),
    Case(
        row=6,
        name="there is a cluster autoscaler for the cluster's Kubernetes version",
        check=_autoscaler_released,
        not_applicable=_no_pairing,
    ),
    *_installed(11, "the node termination handler", _INTERRUPTION),
)
