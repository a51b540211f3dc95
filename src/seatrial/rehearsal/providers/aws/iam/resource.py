"""What IAM resources have in common: tags, and how they are made and told."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.resource_type import Request, ResourceType
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.aws.tags import TagApi, from_pairs, pairs
from seatrial.rehearsal.providers.values import Values


def tag_api(subject: str, parameter: str, target: str = "arn") -> TagApi:
    """Return how the resources are tagged that the API's operations call ``subject``.

    ``parameter`` names one to the API, the output ``target`` holds that name.
    """

    def tag(cloud: Cloud, identity: str, tags: Mapping[str, str]) -> None:
        cloud.call("iam", f"Tag{subject}", **{parameter: identity, "Tags": pairs(tags)})

    def untag(cloud: Cloud, identity: str, keys: list[str]) -> None:
        cloud.call("iam", f"Untag{subject}", **{parameter: identity, "TagKeys": keys})

    return TagApi(tag=tag, untag=untag, target=target)


def wanted(request: Request, cloud: Cloud, inputs: Values) -> dict[str, Any]:
    """Return the parameters of the creating call."""
    tags = cloud.tags(inputs)
    return parameters(request, inputs) | ({"Tags": pairs(tags)} if tags else {})


def told(resource: ResourceType, item: Mapping[str, Any], names: Mapping[str, str]) -> Values:
    """Return the state of a described item; ``names`` as in :func:`.shapes.properties`."""
    return properties(resource.schema.outputs, item, names) | {"tagsAll": from_pairs(item.get("Tags"))}
