"""What EKS resources have in common: tags, and updates that run in the background."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Answer, Cloud
from seatrial.rehearsal.providers.aws.readiness import Status
from seatrial.rehearsal.providers.aws.resource_type import Request
from seatrial.rehearsal.providers.aws.shapes import parameters
from seatrial.rehearsal.providers.aws.tags import TagApi
from seatrial.rehearsal.providers.refusals import NotReady
from seatrial.rehearsal.providers.values import Values

_UPDATE_SECONDS = 3600.0
"""How long an update may take, as upstream's provider allows."""


def call(cloud: Cloud, operation: str, **wanted: Any) -> Answer:
    """Call an operation of EKS."""
    return cloud.call("eks", operation, **wanted)


def _tag(cloud: Cloud, identity: str, tags: Mapping[str, str]) -> None:
    call(cloud, "TagResource", resourceArn=identity, tags=dict(tags))


def _untag(cloud: Cloud, identity: str, keys: list[str]) -> None:
    call(cloud, "UntagResource", resourceArn=identity, tagKeys=keys)


def tag_api(target: str = "arn") -> TagApi:
    """Return how EKS resources are tagged, whose ARN is in the output ``target``."""
    return TagApi(tag=_tag, untag=_untag, target=target)


def wanted(request: Request, cloud: Cloud, inputs: Values) -> dict[str, Any]:
    """Return the parameters of the creating call."""
    tags = cloud.tags(inputs)
    return parameters(request, inputs) | ({"tags": tags} if tags else {})


def status(item: Mapping[str, Any]) -> Status:
    """Return the status of a described cluster, node group or add-on, and what EKS says is wrong with it."""
    issues = item.get("health", {}).get("issues", ())
    return Status(item["status"], tuple(f"{it.get('code', '?')}: {it.get('message', '')}" for it in issues))


def update(cloud: Cloud, operation: str, names: Mapping[str, str], **wanted: Any) -> None:
    """Start an update and wait until it is through.

    ``names`` are those that describe it: of the cluster, and of the node group or the add-on.
    """
    identity = call(cloud, operation, **wanted)["update"]["id"]
    seconds = cloud.seconds or _UPDATE_SECONDS
    state = "InProgress"
    for _ in cloud.pauses(seconds):
        told = call(cloud, "DescribeUpdate", updateId=identity, **names)["update"]
        state = told["status"]
        if state == "Successful":
            return
        if state in ("Failed", "Cancelled"):
            errors = tuple(f"{it.get('errorCode')}: {it.get('errorMessage')}" for it in told.get("errors", ()))
            raise NotReady(f"update {state}", seconds, errors, final=True)
    raise NotReady(f"update {state}", seconds)
