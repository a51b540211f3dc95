"""Who may do what in a cluster: access entries, access policies, Pod Identity."""

from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.documents import same_policy
from seatrial.rehearsal.providers.aws.eks.resource import call, tag_api, wanted
from seatrial.rehearsal.providers.aws.identities import split
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Values

_ENTRY_REQUEST = Request(service="eks", operation="CreateAccessEntry")


def _create_entry(cloud: Cloud, inputs: Values) -> str:
    call(cloud, "CreateAccessEntry", **wanted(_ENTRY_REQUEST, cloud, inputs))
    return f"{inputs['clusterName']}:{inputs['principalArn']}"


def _names(identity: str) -> dict[str, str]:
    cluster, principal = split(identity, ":", "CLUSTER", "PRINCIPAL-ARN")
    return {"clusterName": cluster, "principalArn": principal}


def _read_entry(cloud: Cloud, identity: str, _: Values) -> Values:
    entry = call(cloud, "DescribeAccessEntry", **_names(identity))["accessEntry"]
    return properties(_ENTRY.schema.outputs, entry) | {"tagsAll": entry.get("tags", {})}


def _update_entry(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    names = ("kubernetesGroups", "userName")
    asked = parameters(_ENTRY_REQUEST, {name: inputs[name] for name in names if name in inputs})
    call(cloud, "UpdateAccessEntry", **_names(identity), **asked)


def _delete_entry(cloud: Cloud, identity: str, _: Values) -> None:
    call(cloud, "DeleteAccessEntry", **_names(identity))


_ENTRY = ResourceType(
    type_name="aws:eks/accessEntry:AccessEntry",
    request=_ENTRY_REQUEST,
    create=_create_entry,
    read=_read_entry,
    delete=_delete_entry,
    updates=(Part(properties=("kubernetesGroups", "userName"), update=_update_entry),),
    traits=Traits(
        replaces=frozenset({"clusterName", "principalArn", "type"}),
        computed=frozenset({"kubernetesGroups", "userName"}),
        defaults={"type": "STANDARD"},
        fixed_names=("clusterName", "principalArn"),
    ),
    tags=tag_api("accessEntryArn"),
)

_POLICY_REQUEST = Request(service="eks", operation="AssociateAccessPolicy")


def _associate(cloud: Cloud, inputs: Values) -> str:
    call(cloud, "AssociateAccessPolicy", **parameters(_POLICY_REQUEST, inputs))
    return "#".join((inputs["clusterName"], inputs["principalArn"], inputs["policyArn"]))


def _association_names(identity: str) -> dict[str, str]:
    parts = split(identity, "#", "CLUSTER", "PRINCIPAL-ARN", "POLICY-ARN")
    return dict(zip(("clusterName", "principalArn", "policyArn"), parts, strict=True))


def _read_policy(cloud: Cloud, identity: str, _: Values) -> Values | None:
    names = _association_names(identity)
    policy = names.pop("policyArn")
    listed: list[dict[str, Any]] = cloud.pages(
        "eks", "ListAssociatedAccessPolicies", "associatedAccessPolicies", **names
    )
    found = next((it for it in listed if it["policyArn"] == policy), None)
    return None if found is None else properties(_POLICY.schema.outputs, found) | names


def _disassociate(cloud: Cloud, identity: str, _: Values) -> None:
    call(cloud, "DisassociateAccessPolicy", **_association_names(identity))


_POLICY = ResourceType(
    type_name="aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    request=_POLICY_REQUEST,
    create=_associate,
    read=_read_policy,
    delete=_disassociate,
    traits=Traits(
        replaces=frozenset({"accessScope", "clusterName", "policyArn", "principalArn"}),
        fixed_names=("clusterName", "policyArn", "principalArn"),
    ),
)

_IDENTITY_REQUEST = Request(service="eks", operation="CreatePodIdentityAssociation")


def _create_identity(cloud: Cloud, inputs: Values) -> str:
    answer = call(cloud, "CreatePodIdentityAssociation", **wanted(_IDENTITY_REQUEST, cloud, inputs))
    return answer["association"]["associationId"]


def _read_identity(cloud: Cloud, identity: str, known: Values) -> Values:
    """Ask for it in its cluster, which an import names too: ``cluster,association``."""
    known_cluster = known.get("clusterName")
    cluster, association = (
        (known_cluster, identity) if known_cluster else split(identity, ",", "CLUSTER", "ASSOCIATION")
    )
    names = {"clusterName": cluster, "associationId": association}
    told = call(cloud, "DescribePodIdentityAssociation", **names)["association"]
    return properties(_IDENTITY.schema.outputs, told) | {"id": association, "tagsAll": told.get("tags", {})}


_IDENTITY_CHANGEABLE = ("disableSessionTags", "policy", "roleArn", "targetRoleArn")


def _update_identity(cloud: Cloud, identity: str, state: Values, inputs: Values) -> None:
    asked = {name: inputs[name] for name in _IDENTITY_CHANGEABLE if name in inputs}
    cluster = state["clusterName"]
    changed = parameters(_IDENTITY_REQUEST, asked)
    call(cloud, "UpdatePodIdentityAssociation", clusterName=cluster, associationId=identity, **changed)


def _delete_identity(cloud: Cloud, identity: str, state: Values) -> None:
    call(cloud, "DeletePodIdentityAssociation", clusterName=state["clusterName"], associationId=identity)


_IDENTITY = ResourceType(
    type_name="aws:eks/podIdentityAssociation:PodIdentityAssociation",
    request=_IDENTITY_REQUEST,
    create=_create_identity,
    read=_read_identity,
    delete=_delete_identity,
    updates=(Part(properties=_IDENTITY_CHANGEABLE, update=_update_identity),),
    traits=Traits(
        replaces=frozenset({"clusterName", "namespace", "serviceAccount"}),
        computed=frozenset({"disableSessionTags"}),
        same={"policy": same_policy},
        fixed_names=("clusterName", "namespace", "serviceAccount"),
    ),
    tags=tag_api("associationArn"),
)

TYPES = (_ENTRY, _POLICY, _IDENTITY)
