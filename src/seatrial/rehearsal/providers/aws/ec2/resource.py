"""What every EC2 resource has in common: its tags, and how one is described by its id."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.refusals import Refusal
from seatrial.rehearsal.providers.aws.resource_type import Delete
from seatrial.rehearsal.providers.aws.tags import TagApi, from_pairs, pairs
from seatrial.rehearsal.providers.values import Values


def _tag(cloud: Cloud, identity: str, tags: Mapping[str, str]) -> None:
    cloud.ec2("CreateTags", Resources=[identity], Tags=pairs(tags))


def _untag(cloud: Cloud, identity: str, keys: list[str]) -> None:
    cloud.ec2("DeleteTags", Resources=[identity], Tags=[{"Key": key} for key in keys])


TAGS = TagApi(tag=_tag, untag=_untag, target="id")
"""How EC2 resources are tagged."""


def tag_specifications(cloud: Cloud, kind: str, inputs: Values) -> dict[str, Any]:
    """Return the parameter that tags a resource, of EC2's kind ``vpc``, while it is made."""
    tags = cloud.tags(inputs)
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": pairs(tags)}]} if tags else {}


def described(cloud: Cloud, operation: str, member: str, **parameters: Any) -> dict[str, Any]:
    """Return the one item that a description has; raise what a missing one is when it has none."""
    items = cloud.ec2(operation, **parameters)[member]
    if not items:
        raise Refusal(f"ec2 {operation}", f"Invalid{member}.NotFound", f"there is none with {parameters}")
    return items[0]


def tags_of(item: Mapping[str, Any]) -> Values:
    """Return the tags of a described item, as a part of its state."""
    return {"tagsAll": from_pairs(item.get("Tags"))}


def arn(cloud: Cloud, kind: str, identity: str) -> Values:
    """Return the ARN of an EC2 resource of this account, as a part of its state."""
    return {"arn": cloud.arn("ec2", f"{kind}/{identity}")}


def deleted(operation: str, parameter: str) -> Delete:
    """Return the deletion that takes the id and nothing else."""

    def delete(cloud: Cloud, identity: str, _: Values) -> None:
        cloud.ec2(operation, **{parameter: identity})

    return delete
