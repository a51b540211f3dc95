"""EKS: the cluster, its parts, and the roles and keys that it is handed."""

from collections.abc import Iterator
from typing import Any, cast

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.authorization.checks import Check, arn, carried, pairs, pass_role, requested
from seatrial.rehearsal.account.authorization.keys import key_context
from seatrial.rehearsal.account.calls import Call
from seatrial.rehearsal.account.eks import protocol
from seatrial.rehearsal.account.eks.state import State, key
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

_PARTS = {
    "nodegroupName": ("nodegroups", "nodegroupArn", "nodegroup"),
    "addonName": ("addons", "addonArn", "addon"),
    "principalArn": ("entries", "accessEntryArn", "access-entry"),
    "associationId": ("associations", "associationArn", "podidentityassociation"),
}
"""Parameter that names a part of a cluster, to where it is kept, its ARN and its type."""

_PASSED = {
    "CreateCluster": ("roleArn", "eks.amazonaws.com"),
    "CreateNodegroup": ("nodeRole", "ec2.amazonaws.com"),
    "CreateAddon": ("serviceAccountRoleArn", "eks.amazonaws.com"),
    "UpdateAddon": ("serviceAccountRoleArn", "eks.amazonaws.com"),
    "CreatePodIdentityAssociation": ("roleArn", "pods.eks.amazonaws.com"),
    "UpdatePodIdentityAssociation": ("roleArn", "pods.eks.amazonaws.com"),
}
"""Operation to the parameter that hands a role on, and to whom."""


def checks(call: Call, state: State) -> Iterator[Check]:
    """Give every question that a call to EKS raises."""
    request = call.request
    try:
        _, parameters = protocol.parse(request.method, request.path, request.query, request.body)
    except RefusedError:
        yield Check(f"eks:{call.operation}")
        return
    tags = requested(parameters.get("tags", {}), parameters.get("tagKeys", []))
    resource, own = _resource(call.operation, parameters, state)
    yield Check(f"eks:{call.operation}", resource, {**carried(own), **tags})
    yield from _handed(call.operation, parameters)


def _resource(operation: str, parameters: Record, state: State) -> tuple[str, dict[str, str]]:
    """Give the ARN that a call is judged by, and the tags of what it names."""
    if "resourceArn" in parameters:
        return parameters["resourceArn"], _tags(state, parameters["resourceArn"])
    cluster = parameters.get("clusterName") or parameters.get("name", "")
    part = next((name for name in _PARTS if name in parameters), "")
    if not cluster:
        return "*", {}
    if not part or operation.startswith("Create") or operation == "DescribeUpdate":
        return arn("eks", f"cluster/{cluster}"), _own(state.clusters, cluster)
    records, member, kind = _PARTS[part]
    found = cast("dict[str, Record]", getattr(state, records)).get(key(cluster, parameters[part]), {})
    return found.get(member, arn("eks", f"{kind}/{cluster}/{parameters[part]}/*")), found.get("tags", {})


def _own(clusters: dict[str, Record], name: str) -> dict[str, str]:
    record = clusters.get(key(name))
    return record["tags"] if record else {}


def _tags(state: State, wanted: str) -> dict[str, str]:
    members = ("arn", "nodegroupArn", "addonArn", "accessEntryArn", "associationArn")
    named = (record for record in state.tagged() if wanted in (record.get(member) for member in members))
    found = next(named, None)
    return found["tags"] if found else {}


def _handed(operation: str, parameters: Record) -> Iterator[Check]:
    member, service = _PASSED.get(operation, ("", ""))
    if member in parameters:
        yield pass_role(parameters[member], service)
    for association in parameters.get("podIdentityAssociations", []):
        yield pass_role(association["roleArn"], "pods.eks.amazonaws.com")
    for config in cast("list[Record]", parameters.get("encryptionConfig", [])):
        yield from _granted(config.get("provider", {}).get("keyArn", ""))
    if operation == "CreateNodegroup" and "launchTemplate" in parameters:
        yield from _launched(parameters["launchTemplate"])


def _granted(key_arn: str) -> Iterator[Check]:
    """EKS takes its grant on the key with the permissions of whoever asks for the encryption."""
    for action in ("kms:DescribeKey", "kms:CreateGrant"):
        yield Check(action, key_arn, key_context(key_arn))


def _launched(template: dict[str, Any]) -> Iterator[Check]:
    """EKS first tries with the caller's permissions whether instances start from the template."""
    for record in emulator.store("ec2", "_launch_templates").values():
        if template.get("id") == record["LaunchTemplateId"] or template.get("name") == record["LaunchTemplateName"]:
            yield from _started(record["LaunchTemplateId"])


def _started(identifier: str) -> Iterator[Check]:
    template = arn("ec2", f"launch-template/{identifier}")
    tags = pairs(emulator.store("ec2", "_tags").get(identifier))
    by_template = {"ec2:launchtemplate": template}
    yield Check("ec2:RunInstances", template, carried(tags, "ec2") | by_template)
    for kind in ("instance", "network-interface", "security-group", "subnet", "volume"):
        yield Check("ec2:RunInstances", arn("ec2", f"{kind}/*"), dict(by_template))
    yield Check("ec2:RunInstances", f"arn:aws:ec2:{emulator.region()}::image/*", dict(by_template))
