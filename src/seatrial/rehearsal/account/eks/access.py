"""Access entries and the policies associated with them."""

import re

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import refusal, roles
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import arn, identity, key, now, shown, within
from seatrial.rehearsal.account.emulator import Record

TYPES = ("STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX")
"""Types of access entries; only the first takes groups and policies."""

POLICY_PREFIX = "arn:aws:eks::aws:cluster-access-policy/"

POLICIES = (
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSClusterInsightsPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSHybridPolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSViewPolicy",
)
"""AWS's access policies (EKS user guide, "Review access policy permissions")."""

_PRINCIPAL = re.compile(r"arn:[a-z-]+:(?:iam|sts)::\d{12}:(role|user|root|assumed-role)(?:/|$).*")


def _cluster(service: Service, name: str) -> Record:
    cluster = service.active_cluster(name)
    if cluster["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
        refusal.request(
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] "
            "to perform this operation."
        )
    return cluster


def _entry(service: Service, parameters: Record) -> Record:
    _cluster(service, parameters["clusterName"])
    record = service.state.entries.get(key(parameters["clusterName"], parameters["principalArn"]))
    return refusal.found(
        record,
        "The specified principalArn could not be found. You can view your available access "
        f"entries with 'list-access-entries'. ({parameters['principalArn']})",
    )


def create(service: Service, parameters: Record) -> Record:
    """CreateAccessEntry."""
    cluster = _cluster(service, parameters["clusterName"])
    principal, kind = parameters["principalArn"], parameters.get("type", "STANDARD")
    _check_principal(principal)
    if kind not in TYPES:
        refusal.invalid(f"The specified type is invalid: {kind} is not one of [{', '.join(TYPES)}]")
    _check_groups(parameters, kind)
    if key(cluster["name"], principal) in service.state.entries:
        refusal.in_use("The specified access entry resource is already in use on this cluster.")
    return {"accessEntry": shown(_add(service, cluster, principal, kind, parameters))}


def _check_principal(principal: str) -> None:
    found = _PRINCIPAL.fullmatch(principal)
    if found is None or not _may_exist(principal, found[1]):
        refusal.invalid("The specified principalArn is invalid: invalid principal.")


def _may_exist(principal: str, kind: str) -> bool:
    """Look a principal up; those of other accounts pass, because nothing here knows them."""
    if principal.split(":")[4] != emulator.account():
        return True
    if kind == "role":
        return roles.find(principal) is not None
    return kind != "user" or principal.rpartition("/")[2] in emulator.store("iam", "_users")


def _check_groups(parameters: Record, kind: str) -> None:
    groups = parameters.get("kubernetesGroups", [])
    if kind != "STANDARD" and (groups or "username" in parameters):
        refusal.invalid(f"The kubernetesGroups and username parameters can't be given for type {kind}")
    if any(group.startswith(("system:", "eks:", "aws:", "amazon:", "iam:")) for group in groups):
        refusal.invalid("The kubernetes group name must not start with system:, eks:, aws:, amazon: or iam:")


def _add(service: Service, cluster: Record, principal: str, kind: str, parameters: Record) -> Record:
    name, created = cluster["name"], now()
    entry: Record = {
        "clusterName": name,
        "principalArn": principal,
        "kubernetesGroups": parameters.get("kubernetesGroups", []),
        "accessEntryArn": arn("access-entry", name, *principal.rsplit(":", 1)[-1].split("/", 1), identity()),
        "createdAt": created,
        "modifiedAt": created,
        "tags": parameters.get("tags", {}),
        "username": parameters.get("username") or _username(principal, kind),
        "type": kind,
        "_policies": {},
    }
    service.state.entries[key(name, principal)] = entry
    return entry


def _username(principal: str, kind: str) -> str:
    if kind != "STANDARD":
        return "system:node:{{EC2PrivateDNSName}}"
    account, _, resource = principal.split(":", 4)[4].partition(":")
    if resource.startswith("role/"):
        return f"arn:aws:sts::{account}:assumed-role/{resource.rpartition('/')[2]}/{{{{SessionName}}}}"
    return principal


def describe(service: Service, parameters: Record) -> Record:
    """DescribeAccessEntry."""
    return {"accessEntry": shown(_entry(service, parameters))}


def listed(service: Service, parameters: Record) -> Record:
    """ListAccessEntries."""
    name, policy = _cluster(service, parameters["clusterName"])["name"], parameters.get("associatedPolicyArn")
    entries = within(service.state.entries, name)
    return {"accessEntries": [e["principalArn"] for e in entries if policy is None or policy in e["_policies"]]}


def update(service: Service, parameters: Record) -> Record:
    """UpdateAccessEntry."""
    entry = _entry(service, parameters)
    _check_groups(parameters, entry["type"])
    changed = {name: parameters[name] for name in ("kubernetesGroups", "username") if name in parameters}
    entry |= {**changed, "modifiedAt": now()}
    return {"accessEntry": shown(entry)}


def delete(service: Service, parameters: Record) -> Record:
    """DeleteAccessEntry."""
    _entry(service, parameters)
    del service.state.entries[key(parameters["clusterName"], parameters["principalArn"])]
    return {}


def associate(service: Service, parameters: Record) -> Record:
    """AssociateAccessPolicy."""
    entry, policy, scope = _entry(service, parameters), parameters["policyArn"], parameters["accessScope"]
    if policy.removeprefix(POLICY_PREFIX) not in POLICIES:
        refusal.invalid(f"The specified policyArn is invalid: {policy} is not an access policy.")
    if entry["type"] != "STANDARD":
        refusal.request(f"Access policies can't be associated with an access entry of type {entry['type']}")
    bound, made = _bound(scope), entry["_policies"].get(policy, {"associatedAt": now()})["associatedAt"]
    entry["_policies"][policy] = {"policyArn": policy, "accessScope": bound, "associatedAt": made, "modifiedAt": now()}
    return {**_named(parameters), "associatedAccessPolicy": entry["_policies"][policy]}


def _bound(scope: Record) -> Record:
    if "type" not in scope:
        refusal.invalid("The accessScope parameter must have a type")
    if (scope["type"] == "namespace") != bool(scope.get("namespaces")):
        refusal.invalid("The namespaces parameter must be given with the scope type namespace, and only with it")
    return {"type": scope["type"], "namespaces": scope.get("namespaces", [])}


def _named(parameters: Record) -> Record:
    return {name: parameters[name] for name in ("clusterName", "principalArn")}


def disassociate(service: Service, parameters: Record) -> Record:
    """DisassociateAccessPolicy."""
    policies = _entry(service, parameters)["_policies"]
    refusal.found(policies.pop(parameters["policyArn"], None), "The specified policy is not associated with the entry.")
    return {}


def associated(service: Service, parameters: Record) -> Record:
    """ListAssociatedAccessPolicies."""
    policies = _entry(service, parameters)["_policies"]
    return {**_named(parameters), "associatedAccessPolicies": list(policies.values())}


def policies() -> Record:
    """ListAccessPolicies."""
    return {"accessPolicies": [{"name": name, "arn": POLICY_PREFIX + name} for name in POLICIES]}


def admit_creator(service: Service, cluster: Record) -> None:
    """Make who creates a cluster its administrator, as AWS does unless told otherwise."""
    entry = _add(service, cluster, _identity(service.caller()), "STANDARD", {})
    policy, created = POLICY_PREFIX + "AmazonEKSClusterAdminPolicy", now()
    scope: Record = {"type": "cluster", "namespaces": []}
    entry["_policies"][policy] = {
        "policyArn": policy,
        "accessScope": scope,
        "associatedAt": created,
        "modifiedAt": created,
    }


def _identity(caller: str) -> str:
    """Give the role behind a session: a session's own ARN is another one each time."""
    found = re.fullmatch(r"arn:aws:sts::\d{12}:assumed-role/([^/]+)/.*", caller)
    role = emulator.store("iam", "_roles").get(found[1]) if found else None
    return role["Arn"] if role else caller


def admit_nodes(service: Service, cluster: Record, role: str) -> None:
    """Let the nodes of a managed group in: EKS makes that entry itself."""
    by_entries = cluster["accessConfig"]["authenticationMode"] != "CONFIG_MAP"
    if by_entries and key(cluster["name"], role) not in service.state.entries:
        entry = _add(service, cluster, role, "EC2_LINUX", {})
        entry["kubernetesGroups"] = ["system:nodes"]


def dismiss_nodes(service: Service, cluster: Record, role: str) -> None:
    """Take back the entry of a role when its last managed group is gone."""
    groups = within(service.state.nodegroups, cluster["name"])
    entry = service.state.entries.get(key(cluster["name"], role))
    if entry and entry["type"] == "EC2_LINUX" and not any(group["nodeRole"] == role for group in groups):
        del service.state.entries[key(cluster["name"], role)]
