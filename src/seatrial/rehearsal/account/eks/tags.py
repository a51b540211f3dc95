"""Tags of everything that EKS keeps."""

from seatrial.rehearsal.account.eks import refusal
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record

_ARNS = ("arn", "nodegroupArn", "addonArn", "accessEntryArn", "associationArn")

MOST = 50
"""Tags that a resource may have."""


def _resource(service: Service, arn: str) -> Record:
    named = (record for record in service.state.tagged() if arn in (record.get(member) for member in _ARNS))
    found = next(named, None)
    if found is None:
        raise refusal.refusal("NotFoundException", f"Resource not found for ARN: {arn}")
    return found


def tag(service: Service, parameters: Record) -> Record:
    """TagResource."""
    resource = _resource(service, parameters["resourceArn"])
    tags = {**resource["tags"], **parameters["tags"]}
    if len(tags) > MOST or any(name.startswith("aws:") for name in parameters["tags"]):
        raise refusal.refusal("BadRequestException", f"At most {MOST} tags, and none that begins with aws:")
    resource["tags"] = tags
    return {}


def untag(service: Service, parameters: Record) -> Record:
    """UntagResource."""
    resource = _resource(service, parameters["resourceArn"])
    resource["tags"] = {name: value for name, value in resource["tags"].items() if name not in parameters["tagKeys"]}
    return {}


def listed(service: Service, parameters: Record) -> Record:
    """ListTagsForResource."""
    return {"tags": _resource(service, parameters["resourceArn"])["tags"]}
