"""Managed add-ons."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.documents import same_json
from seatrial.rehearsal.providers.aws.eks.resource import call, status, tag_api, update, wanted
from seatrial.rehearsal.providers.aws.identities import split
from seatrial.rehearsal.providers.aws.readiness import Readiness, Status
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Values, listed

_REQUEST = Request(service="eks", operation="CreateAddon", members={"resolveConflictsOnCreate": "resolveConflicts"})


def _create(cloud: Cloud, inputs: Values) -> str:
    call(cloud, "CreateAddon", **wanted(_REQUEST, cloud, inputs))
    return f"{inputs['clusterName']}:{inputs['addonName']}"


def _names(identity: str) -> dict[str, str]:
    cluster, name = split(identity, ":", "CLUSTER", "ADDON")
    return {"clusterName": cluster, "addonName": name}


def _addon(cloud: Cloud, identity: str) -> Mapping[str, Any]:
    return call(cloud, "DescribeAddon", **_names(identity))["addon"]


def _read(cloud: Cloud, identity: str, _: Values) -> Values:
    addon = _addon(cloud, identity)
    told = properties(_ADDON.schema.outputs, addon, {"arn": "addonArn", "podIdentityAssociations": "-"})
    cluster = addon["clusterName"]
    bound = [_binding(cloud, cluster, arn.rpartition("/")[2]) for arn in listed(addon, "podIdentityAssociations")]
    return told | {"podIdentityAssociations": bound, "tagsAll": addon.get("tags", {})}


def _binding(cloud: Cloud, cluster: str, identity: str) -> Values:
    told = call(cloud, "DescribePodIdentityAssociation", clusterName=cluster, associationId=identity)["association"]
    return {"roleArn": told["roleArn"], "serviceAccount": told["serviceAccount"]}


_CHANGEABLE = ("addonVersion", "configurationValues", "podIdentityAssociations", "serviceAccountRoleArn")


def _update(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    names = _names(identity)
    asked = parameters(_REQUEST, {name: inputs[name] for name in _CHANGEABLE if name in inputs})
    conflicts = inputs.get("resolveConflictsOnUpdate")
    described = {"name": names["clusterName"], "addonName": names["addonName"]}
    update(cloud, "UpdateAddon", described, **names, **asked, **({"resolveConflicts": conflicts} if conflicts else {}))


def _delete(cloud: Cloud, identity: str, state: Values) -> None:
    call(cloud, "DeleteAddon", **_names(identity), **({"preserve": True} if state.get("preserve") else {}))


def _status(cloud: Cloud, identity: str, _: Values) -> Status:
    return status(_addon(cloud, identity))


_ADDON = ResourceType(
    type_name="aws:eks/addon:Addon",
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=_delete,
    updates=(Part(properties=_CHANGEABLE, update=_update),),
    traits=Traits(
        replaces=frozenset({"addonName", "clusterName", "namespaceConfig"}),
        computed=frozenset({"addonVersion", "configurationValues", "namespaceConfig"}),
        unread=frozenset({"preserve", "resolveConflictsOnCreate", "resolveConflictsOnUpdate"}),
        same={"configurationValues": same_json},
        fixed_names=("addonName", "clusterName"),
    ),
    tags=tag_api(),
    readiness=Readiness(
        probe=_status,
        ready=frozenset({"ACTIVE"}),
        # An add-on is degraded as long as its pods find no node.
        failed=frozenset({"CREATE_FAILED", "UPDATE_FAILED", "DELETING", "DELETE_FAILED"}),
        seconds=1200.0,
    ),
)

TYPES = (_ADDON,)
