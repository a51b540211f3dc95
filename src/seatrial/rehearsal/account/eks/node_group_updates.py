"""Changes of a managed node group."""

from seatrial.rehearsal.account.eks import fleet, launch_templates, node_groups, refusal, scaling, updates, versions
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record

_PARAMS = {
    "minSize": "MinSize",
    "maxSize": "MaxSize",
    "desiredSize": "DesiredSize",
    "maxUnavailable": "MaxUnavailable",
    "maxUnavailablePercentage": "MaxUnavailablePercentage",
    "updateStrategy": "UpdateStrategy",
    "addOrUpdateLabels": "LabelsToAdd",
    "removeLabels": "LabelsToRemove",
    "addOrUpdateTaints": "TaintsToAdd",
    "removeTaints": "TaintsToRemove",
}


def _changeable(service: Service, parameters: Record) -> Record:
    group = node_groups.group_of(service, parameters)
    if group["status"] != "ACTIVE":
        refusal.in_use(f"Nodegroup cannot be updated: {group['nodegroupName']} is {group['status']}")
    return group


def update_config(service: Service, parameters: Record) -> Record:
    """UpdateNodegroupConfig."""
    group = _changeable(service, parameters)
    changes = _changes(group, parameters)
    if not changes:
        refusal.invalid("No changes needed for the nodegroup: nothing to update was given")
    group["status"] = "UPDATING"
    return updates.begin(service, "ConfigUpdate", _params(parameters), _target(group), changes)


def _changes(group: Record, parameters: Record) -> Record:
    changes: Record = {name: parameters[name] for name in ("nodeRepairConfig", "warmPoolConfig") if name in parameters}
    if "scalingConfig" in parameters:
        changes["scalingConfig"] = {**group["scalingConfig"], **parameters["scalingConfig"]}
        node_groups.check_scaling(changes["scalingConfig"])
    if "updateConfig" in parameters:
        changes["_updateConfig"] = node_groups.update_config(parameters["updateConfig"])
    if "labels" in parameters:
        changes["labels"] = _labels(group.get("labels", {}), parameters["labels"])
    if "taints" in parameters:
        changes["taints"] = _taints(group.get("taints", []), parameters["taints"])
    return changes


def _labels(current: dict[str, str], change: Record) -> dict[str, str]:
    wanted = {**current, **change.get("addOrUpdateLabels", {})}
    return {name: value for name, value in wanted.items() if name not in change.get("removeLabels", [])}


def _taints(current: list[Record], change: Record) -> list[Record]:
    wanted = {_named(taint): taint for taint in [*current, *change.get("addOrUpdateTaints", [])]}
    removed = {_named(taint) for taint in change.get("removeTaints", [])}
    return [taint for name, taint in wanted.items() if name not in removed]


def _named(taint: Record) -> tuple[str, str]:
    return taint.get("key", ""), taint.get("effect", "")


def _params(parameters: Record) -> Record:
    groups = (parameters.get(name, {}) for name in ("scalingConfig", "updateConfig", "labels", "taints"))
    params = {_PARAMS[name]: value for group in groups for name, value in group.items()}
    if "nodeRepairConfig" in parameters:
        params["NodeRepairConfig"] = parameters["nodeRepairConfig"]
    return params


def _target(group: Record) -> tuple[str, ...]:
    return group["clusterName"], "nodegroup", group["nodegroupName"]


def update_version(service: Service, parameters: Record) -> Record:
    """UpdateNodegroupVersion."""
    group = _changeable(service, parameters)
    cluster = service.active_cluster(group["clusterName"])
    changes = _version_changes(group, cluster, parameters)
    group["status"] = "UPDATING"
    named = {"version": "Version", "releaseVersion": "ReleaseVersion"}
    params = {named[name]: value for name, value in changes.items() if name in named}
    if "launchTemplate" in changes:
        template = changes["launchTemplate"]
        params |= {"LaunchTemplateName": template["name"], "LaunchTemplateVersion": template["version"]}
    return updates.begin(service, "VersionUpdate", params, _target(group), changes)


def _version_changes(group: Record, cluster: Record, parameters: Record) -> Record:
    wanted = parameters.get("version", group["version"] if "launchTemplate" in parameters else cluster["version"])
    node_groups.check_version(cluster, wanted)
    if versions.minor(wanted) < versions.minor(group["version"]):
        refusal.invalid(f"Requested Nodegroup version {wanted} is older than {group['version']}")
    changes: Record = {"version": wanted}
    if group["amiType"] != "CUSTOM":
        changes["releaseVersion"] = parameters.get("releaseVersion", versions.release(wanted))
    if "launchTemplate" in parameters:
        changes["launchTemplate"] = _template(group, parameters)
    return changes


def _template(group: Record, parameters: Record) -> Record:
    if "launchTemplate" not in group:
        refusal.invalid("You cannot specify a launch template for a nodegroup that was created without one")
    found = launch_templates.resolve({"launchTemplate": parameters["launchTemplate"]})
    wanted = refusal.found(found, "")
    if wanted["id"] != group["launchTemplate"]["id"]:
        refusal.invalid("You can't change the launch template of a nodegroup, only its version")
    return {name: wanted[name] for name in ("name", "id", "version")}


def settle(service: Service, group: Record, update: Record) -> None:
    """Bring the nodes to what the group has become; another version, or template, takes other machines."""
    update_config = group.pop("_updateConfig", None)
    if update_config:
        group["updateConfig"] = update_config
    if (update["type"], update["status"]) == ("VersionUpdate", "Successful"):
        scaling.replace(group)
    else:
        scaling.resize(group)
    fleet.grow(service, group)
