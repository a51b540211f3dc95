"""Pod Identity associations: which role the pods of a service account get."""

import secrets

from seatrial.rehearsal.account.eks import refusal, roles
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import arn, identity, key, now, shown, within
from seatrial.rehearsal.account.emulator import Record

_SHOWN_IN_LISTS = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")


def create(service: Service, parameters: Record) -> Record:
    """CreatePodIdentityAssociation."""
    cluster = service.active_cluster(parameters["clusterName"])
    _check(parameters)
    for other in within(service.state.associations, cluster["name"]):
        if _served(other) == _served(parameters):
            refusal.in_use(f"Association already exists: {other['associationId']}")
    return {"association": shown(add(service, cluster["name"], parameters))}


def _served(association: Record) -> tuple[str, str]:
    return association["namespace"], association["serviceAccount"]


def _check(parameters: Record) -> None:
    role = roles.find(parameters["roleArn"])
    if role is None:
        refusal.missing(f"Role provided in the request does not exist: {parameters['roleArn']}")
    if not roles.admits(role, "pods.eks.amazonaws.com"):
        refusal.invalid(
            "Trust policy of role does not allow pods.eks.amazonaws.com to perform sts:AssumeRole and sts:TagSession"
        )
    if "policy" in parameters and not parameters.get("disableSessionTags"):
        refusal.invalid("A policy needs disableSessionTags to be true")


def add(service: Service, cluster: str, parameters: Record, owner: str = "") -> Record:
    """Keep an association; ``owner`` is the add-on that it belongs to."""
    number, created = f"a-{secrets.token_hex(9)[:17]}", now()
    association: Record = {
        "clusterName": cluster,
        "associationArn": arn("podidentityassociation", cluster, number),
        "associationId": number,
        "createdAt": created,
        "modifiedAt": created,
        "tags": parameters.get("tags", {}),
        "disableSessionTags": parameters.get("disableSessionTags", False),
        **{name: parameters[name] for name in _KEPT if name in parameters},
        **({"ownerArn": owner} if owner else {}),
        **({"externalId": identity()} if "targetRoleArn" in parameters else {}),
    }
    service.state.associations[key(cluster, number)] = association
    return association


_KEPT = ("namespace", "serviceAccount", "roleArn", "targetRoleArn", "policy")


def _association(service: Service, parameters: Record) -> Record:
    name, number = parameters["clusterName"], parameters["associationId"]
    service.cluster(name)
    record = service.state.associations.get(key(name, number))
    return refusal.found(record, f"No association found for association-id: {number}")


def describe(service: Service, parameters: Record) -> Record:
    """DescribePodIdentityAssociation."""
    return {"association": shown(_association(service, parameters))}


def listed(service: Service, parameters: Record) -> Record:
    """ListPodIdentityAssociations."""
    name = service.cluster(parameters["clusterName"])["name"]
    wanted = {member: parameters[member] for member in ("namespace", "serviceAccount") if member in parameters}
    found = [a for a in within(service.state.associations, name) if wanted.items() <= a.items()]
    return {"associations": [{m: a[m] for m in _SHOWN_IN_LISTS if m in a} for a in found]}


def update(service: Service, parameters: Record) -> Record:
    """UpdatePodIdentityAssociation."""
    association = _association(service, parameters)
    changed = {name: parameters[name] for name in _CHANGEABLE if name in parameters}
    _check({**association, **changed})
    association |= {**changed, "modifiedAt": now()}
    return {"association": shown(association)}


_CHANGEABLE = ("roleArn", "targetRoleArn", "disableSessionTags", "policy")


def delete(service: Service, parameters: Record) -> Record:
    """DeletePodIdentityAssociation."""
    association = _association(service, parameters)
    if "ownerArn" in association:
        refusal.request(f"The association belongs to {association['ownerArn']}: change that instead")
    del service.state.associations[key(parameters["clusterName"], parameters["associationId"])]
    return {"association": shown(association)}
