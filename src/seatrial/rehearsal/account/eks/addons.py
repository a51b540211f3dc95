"""Add-ons of a cluster: create, describe, list, update, delete."""

import json
from collections.abc import Iterable

from seatrial.rehearsal.account.eks import catalogue, pod_identity, readiness, refusal, schema, updates
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import arn, identity, key, now, shown, within
from seatrial.rehearsal.account.emulator import Record

PATIENCE = 4
"""How many delays an add-on may wait for nodes before it is DEGRADED."""


def create(service: Service, parameters: Record) -> Record:
    """CreateAddon."""
    cluster, add_on = service.active_cluster(parameters["clusterName"]), catalogue.find(parameters["addonName"])
    if key(cluster["name"], add_on.name) in service.state.addons:
        refusal.in_use("Addon already exists.")
    version = parameters.get("addonVersion") or catalogue.default(add_on, cluster["version"])
    catalogue.check(add_on, version, cluster["version"])
    check_values(add_on.name, parameters.get("configurationValues", ""))
    record = _record(service, cluster, parameters, version)
    service.state.addons[key(cluster["name"], add_on.name)] = record
    record["podIdentityAssociations"] = _associate(service, record, parameters.get("podIdentityAssociations", []))
    return {"addon": shown(record)}


def check_values(name: str, values: str) -> None:
    """Refuse configuration that the add-on's schema excludes."""
    try:
        document = json.loads(values or "{}")
    except ValueError as fault:
        refusal.invalid(f"ConfigurationValue provided in request is not supported: not JSON: {fault}")
    faults = ", ".join(schema.faults(catalogue.schema(name), document))
    if faults:
        refusal.invalid(
            "ConfigurationValue provided in request is not supported: "
            f"Json schema validation failed with error: [{faults}]"
        )


def _record(service: Service, cluster: Record, parameters: Record, version: str) -> Record:
    add_on, created = catalogue.find(parameters["addonName"]), now()
    kept = ("serviceAccountRoleArn", "configurationValues", "namespaceConfig")
    return {
        "addonName": add_on.name,
        "clusterName": cluster["name"],
        "status": "CREATING",
        "addonVersion": version,
        "health": {"issues": []},
        "addonArn": arn("addon", cluster["name"], add_on.name, identity()),
        "createdAt": created,
        "modifiedAt": created,
        "tags": parameters.get("tags", {}),
        "publisher": add_on.publisher,
        "owner": add_on.owner,
        **{name: parameters[name] for name in kept if name in parameters},
        "_due": service.due(),
        "_failure": service.failure(),
        "_patience": service.due(PATIENCE),
    }


def _associate(service: Service, addon: Record, wanted: Iterable[Record]) -> list[str]:
    """Make the add-on's own Pod Identity associations, in place of those it had."""
    cluster, own = addon["clusterName"], addon["addonArn"]
    for kept, association in list(service.state.associations.items()):
        if association.get("ownerArn") == own:
            del service.state.associations[kept]
    given = [{"namespace": catalogue.NAMESPACE, **association} for association in wanted]
    return [pod_identity.add(service, cluster, association, own)["associationArn"] for association in given]


def _addon(service: Service, parameters: Record) -> Record:
    cluster, name = service.cluster(parameters["clusterName"])["name"], parameters["addonName"]
    record = service.state.addons.get(key(cluster, name))
    return refusal.found(record, f"No addon: {name} found in cluster: {cluster}")


def describe(service: Service, parameters: Record) -> Record:
    """DescribeAddon."""
    return {"addon": shown(_addon(service, parameters))}


def listed(service: Service, parameters: Record) -> Record:
    """ListAddons."""
    cluster = service.cluster(parameters["clusterName"])["name"]
    return {"addons": [addon["addonName"] for addon in within(service.state.addons, cluster)]}


def update(service: Service, parameters: Record) -> Record:
    """UpdateAddon."""
    addon, cluster = _addon(service, parameters), service.active_cluster(parameters["clusterName"])
    if addon["status"] in {"CREATING", "UPDATING", "DELETING"}:
        refusal.in_use(f"Cannot update addon {addon['addonName']}: it is {addon['status']}")
    _check_version(addon, parameters.get("addonVersion", addon["addonVersion"]), cluster["version"])
    check_values(addon["addonName"], parameters.get("configurationValues", ""))
    addon["status"] = "UPDATING"
    if "podIdentityAssociations" in parameters:
        associations = parameters["podIdentityAssociations"]
        addon["podIdentityAssociations"] = _associate(service, addon, associations)
    changes = {name: parameters[name] for name in _CHANGEABLE if name in parameters}
    params = {name[0].upper() + name[1:]: value for name, value in changes.items()}
    target = (cluster["name"], "addon", addon["addonName"])
    return updates.begin(service, "AddonUpdate", params, target, changes)


_CHANGEABLE = ("addonVersion", "serviceAccountRoleArn", "configurationValues")


def _check_version(addon: Record, wanted: str, minor: str) -> None:
    add_on = catalogue.find(addon["addonName"])
    catalogue.check(add_on, wanted, minor)
    before, after = catalogue.numbers(addon["addonVersion"]), catalogue.numbers(wanted)
    if add_on.step and abs(after[1] - before[1]) > 1:
        refusal.invalid(
            f"Updating {add_on.name} from {addon['addonVersion']} to {wanted} is not supported: "
            "one minor version at a time"
        )


def delete(service: Service, parameters: Record) -> Record:
    """DeleteAddon."""
    addon = _addon(service, parameters)
    if addon["status"] in {"UPDATING", "DELETING"}:
        refusal.in_use(f"Cannot delete addon {addon['addonName']}: it is {addon['status']}")
    addon |= {"status": "DELETING", "_due": service.due(), "_preserve": parameters.get("preserve", False)}
    return {"addon": shown(addon)}


def settle(service: Service, addon: Record) -> None:
    """Let an add-on become active, wait for nodes, fail, or go."""
    if addon["status"] == "DELETING":
        _remove(service, addon)
    elif addon["status"] == "CREATING" and addon["_failure"]:
        failure = addon["_failure"]
        addon["status"] = "CREATE_FAILED"
        addon["health"] = _issues(failure["code"] or "InternalFailure", failure["message"])
    elif addon["status"] in {"CREATING", "ACTIVE", "DEGRADED"}:
        _look(service, addon)


def _look(service: Service, addon: Record) -> None:
    """Say whether the add-on's pods run."""
    obstacle = readiness.of_addon(service, addon)
    waits = "" if obstacle else readiness.of_workloads(service, addon)
    if not waits:
        addon.pop("_waits", None)
    if not obstacle and not waits:
        addon |= {"status": "ACTIVE", "health": {"issues": []}}
    elif _lost_patience(service, addon, waits):
        addon |= {"status": "DEGRADED", "health": _issues("InsufficientNumberOfReplicas", obstacle or waits)}


def _lost_patience(service: Service, addon: Record, waits: str) -> bool:
    """Whether what is missing was awaited long enough: pods that only have to start get more time."""
    if waits:
        return service.clock() >= addon.setdefault("_waits", service.clock()) + readiness.PATIENCE
    return addon["status"] != "CREATING" or service.clock() >= addon["_patience"]


def _issues(code: str, message: str) -> Record:
    return {"issues": [{"code": code, "message": message, "resourceIds": []}]}


def _remove(service: Service, addon: Record) -> None:
    cluster = service.cluster(addon["clusterName"])
    if addon["_preserve"]:
        kept = {name: addon[name] for name in ("addonName", "addonVersion", *_CHANGEABLE) if name in addon}
        cluster["_preserved"] = {**cluster.get("_preserved", {}), addon["addonName"]: kept}
    _associate(service, addon, [])
    del service.state.addons[key(cluster["name"], addon["addonName"])]
