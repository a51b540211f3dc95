"""Managed node groups."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.differences import same
from seatrial.rehearsal.providers.aws.eks.resource import call, status, tag_api, update, wanted
from seatrial.rehearsal.providers.aws.identities import split
from seatrial.rehearsal.providers.aws.readiness import Readiness, Status
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Values, listed, within

_REQUEST = Request(
    service="eks", operation="CreateNodegroup", members={"nodeRoleArn": "nodeRole", "subnetIds": "subnets"}
)


def _create(cloud: Cloud, inputs: Values) -> str:
    call(cloud, "CreateNodegroup", **wanted(_REQUEST, cloud, inputs))
    return f"{inputs['clusterName']}:{inputs['nodeGroupName']}"


def _names(identity: str) -> dict[str, str]:
    cluster, name = split(identity, ":", "CLUSTER", "NODE-GROUP")
    return {"clusterName": cluster, "nodegroupName": name}


def _group(cloud: Cloud, identity: str) -> Mapping[str, Any]:
    return call(cloud, "DescribeNodegroup", **_names(identity))["nodegroup"]


def _read(cloud: Cloud, identity: str, _: Values) -> Values:
    group = _group(cloud, identity)
    names = {"arn": "nodegroupArn", "nodeRoleArn": "nodeRole", "subnetIds": "subnets"}
    return properties(_NODE_GROUP.schema.outputs, group, names) | {"tagsAll": group.get("tags", {})}


def _update(cloud: Cloud, identity: str, operation: str, wanted: Mapping[str, Any]) -> None:
    names = _names(identity)
    described = {"name": names["clusterName"], "nodegroupName": names["nodegroupName"]}
    update(cloud, operation, described, **names, **wanted)


def _upgrade(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    names = ("launchTemplate", "releaseVersion", "version")
    asked = parameters(_REQUEST, {name: inputs[name] for name in names if name in inputs})
    force = {"force": True} if inputs.get("forceUpdateVersion") else {}
    _update(cloud, identity, "UpdateNodegroupVersion", {**asked, **force})


_SETTINGS = ("nodeRepairConfig", "scalingConfig", "updateConfig", "warmPoolConfig")


def _configure(cloud: Cloud, identity: str, state: Values, inputs: Values) -> None:
    """Change what has changed, in one call: EKS runs one update at a time."""
    asked = {name: inputs[name] for name in _SETTINGS if name in inputs and not _is_so(name, state, inputs)}
    wanted = parameters(_REQUEST, asked) | _label_changes(state, inputs) | _taint_changes(state, inputs)
    _update(cloud, identity, "UpdateNodegroupConfig", wanted)


def _is_so(name: str, state: Values, inputs: Values) -> bool:
    return same(_NODE_GROUP, name, state.get(name), inputs[name])


def _label_changes(state: Values, inputs: Values) -> dict[str, Any]:
    old, new = within(state, "labels"), within(inputs, "labels")
    changes = {
        "addOrUpdateLabels": {key: value for key, value in new.items() if old.get(key) != value},
        "removeLabels": sorted(old.keys() - new.keys()),
    }
    return _filled("labels", changes)


def _taint_changes(state: Values, inputs: Values) -> dict[str, Any]:
    old, new = ({(it["key"], it["effect"]): it for it in listed(values, "taints")} for values in (state, inputs))
    changed = [
        it for key, it in sorted(new.items()) if old.get(key, {}).get("value") != it.get("value") or key not in old
    ]
    removed = [it for key, it in sorted(old.items()) if key not in new]
    return _filled("taints", {"addOrUpdateTaints": changed, "removeTaints": removed})


def _filled(name: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    filled = {key: value for key, value in changes.items() if value}
    return {name: filled} if filled else {}


def _delete(cloud: Cloud, identity: str, _: Values) -> None:
    call(cloud, "DeleteNodegroup", **_names(identity))


def _status(cloud: Cloud, identity: str, _: Values) -> Status:
    return status(_group(cloud, identity))


_NODE_GROUP = ResourceType(
    type_name="aws:eks/nodeGroup:NodeGroup",
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=_delete,
    updates=(
        # Upstream changes the version first: the rest then holds for the new nodes.
        Part(properties=("launchTemplate", "releaseVersion", "version"), update=_upgrade),
        Part(properties=("labels", "taints", *_SETTINGS), update=_configure),
    ),
    traits=Traits(
        replaces=frozenset(
            {"amiType", "capacityType", "clusterName", "diskSize", "instanceTypes", "launchTemplate.id"}
            | {
                "launchTemplate.name",
                "nodeGroupName",
                "nodeGroupNamePrefix",
                "nodeRoleArn",
                "remoteAccess",
                "subnetIds",
            }
        ),
        computed=frozenset(
            {"amiType", "capacityType", "diskSize", "instanceTypes", "launchTemplate.id", "launchTemplate.name"}
            | {"nodeGroupName", "nodeGroupNamePrefix", "nodeRepairConfig", "releaseVersion", "updateConfig", "version"}
            | {"updateConfig.updateStrategy"}
        ),
        ordered=frozenset({"instanceTypes"}),
        unread=frozenset({"forceUpdateVersion", "nodeGroupNamePrefix"}),
        fixed_names=("clusterName", "nodeGroupName"),
        generated_name="nodeGroupName",
    ),
    tags=tag_api(),
    readiness=Readiness(
        probe=_status,
        ready=frozenset({"ACTIVE"}),
        failed=frozenset({"CREATE_FAILED", "DEGRADED", "DELETING", "DELETE_FAILED"}),
        seconds=3600.0,
        output="status",
        broken=frozenset({"CREATE_FAILED"}),
    ),
)

TYPES = (_NODE_GROUP,)
