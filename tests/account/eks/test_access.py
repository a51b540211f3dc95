"""Access entries, and the policies associated with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage

PREFIX = "arn:aws:eks::aws:cluster-access-policy/"
VIEW, EDIT = f"{PREFIX}AmazonEKSViewPolicy", f"{PREFIX}AmazonEKSEditPolicy"
EVERYWHERE = {"type": "cluster"}
IN_DEV = {"type": "namespace", "namespaces": ["dev"]}
ROOT = "arn:aws:iam::000000000000:root"


def entry(stage: Stage, **parameters: Any) -> dict[str, Any]:
    given = {"principalArn": stage.facts.pod_role, **parameters}
    return stage.call("create_access_entry", **given)["accessEntry"]


def described(stage: Stage) -> dict[str, Any]:
    return stage.call("describe_access_entry", principalArn=stage.facts.pod_role)["accessEntry"]


def test_an_entry_has_the_defaults_of_aws(cluster: Stage) -> None:
    role = cluster.facts.pod_role
    made = entry(cluster)
    name = role.rpartition("/")[2]

    assert made.pop("createdAt") == made.pop("modifiedAt")
    arn = made.pop("accessEntryArn")
    assert arn.startswith(f"arn:aws:eks:us-east-2:000000000000:access-entry/it/role/{name}/")
    assert made == {
        "clusterName": "it",
        "principalArn": role,
        "kubernetesGroups": [],
        "tags": {},
        "username": f"arn:aws:sts::000000000000:assumed-role/{name}/{{{{SessionName}}}}",
        "type": "STANDARD",
    }


@pytest.mark.parametrize(
    ("member", "value"),
    [("kubernetesGroups", ["team-a"]), ("username", "me"), ("tags", {"Owner": "me"}), ("type", "EC2_LINUX")],
)
def test_an_entry_keeps_what_it_was_given(cluster: Stage, member: str, value: Any) -> None:
    entry(cluster, **{member: value})

    assert described(cluster)[member] == value


@pytest.mark.parametrize("kind", ["EC2_LINUX", "EC2_WINDOWS", "EC2", "FARGATE_LINUX", "HYBRID_LINUX"])
def test_entries_of_nodes_name_them(cluster: Stage, kind: str) -> None:
    assert entry(cluster, type=kind)["username"] == "system:node:{{EC2PrivateDNSName}}"


def user(stage: Stage) -> str:
    return stage.iam.create_user(UserName="somebody")["User"]["Arn"]


def test_a_user_is_named_as_such(cluster: Stage) -> None:
    arn = user(cluster)

    assert entry(cluster, principalArn=arn)["username"] == arn


@pytest.mark.parametrize(
    "principal",
    [
        ROOT,
        "arn:aws:sts::000000000000:assumed-role/some/session",
        "arn:aws:iam::111111111111:role/of-another-account",
        "arn:aws:iam::111111111111:user/of-another-account",
    ],
)
def test_principals_that_can_not_be_looked_up_are_believed(cluster: Stage, principal: str) -> None:
    assert entry(cluster, principalArn=principal)["username"] == (
        "arn:aws:sts::111111111111:assumed-role/of-another-account/{{SessionName}}"
        if ":role/" in principal
        else principal
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"principalArn": "arn:aws:iam::000000000000:role/none"}, "invalid principal"),
        ({"principalArn": "arn:aws:iam::000000000000:user/none"}, "invalid principal"),
        ({"principalArn": "arn:aws:iam::000000000000:group/some"}, "invalid principal"),
        ({"principalArn": "somebody"}, "invalid principal"),
        ({"type": "MAINFRAME"}, "MAINFRAME is not one of [STANDARD, EC2_LINUX"),
        ({"type": "EC2_LINUX", "kubernetesGroups": ["team-a"]}, "can't be given for type EC2_LINUX"),
        ({"type": "EC2_LINUX", "username": "me"}, "can't be given for type EC2_LINUX"),
        ({"kubernetesGroups": ["system:masters"]}, "must not start with system:"),
        ({"kubernetesGroups": ["team-a", "eks:admins"]}, "must not start with system:"),
    ],
)
def test_an_entry_that_eks_does_not_take_is_refused(cluster: Stage, parameters: dict[str, Any], message: str) -> None:
    refusal = cluster.refused("create_access_entry", **{"principalArn": cluster.facts.pod_role, **parameters})

    assert refusal.startswith("InvalidParameterException: ")
    assert message in refusal
    assert cluster.call("list_access_entries")["accessEntries"] == []


def test_a_principal_has_one_entry(cluster: Stage) -> None:
    entry(cluster)

    assert cluster.refused("create_access_entry", principalArn=cluster.facts.pod_role) == (
        "ResourceInUseException: The specified access entry resource is already in use on this cluster."
    )


OPERATIONS: list[tuple[str, dict[str, Any]]] = [
    ("describe_access_entry", {}),
    ("update_access_entry", {"kubernetesGroups": ["team-a"]}),
    ("delete_access_entry", {}),
    ("associate_access_policy", {"policyArn": VIEW, "accessScope": EVERYWHERE}),
    ("disassociate_access_policy", {"policyArn": VIEW}),
    ("list_associated_access_policies", {}),
]


@pytest.mark.parametrize(("operation", "parameters"), OPERATIONS)
def test_an_entry_that_is_not_there_is_not_found(cluster: Stage, operation: str, parameters: dict[str, Any]) -> None:
    assert cluster.refused(operation, principalArn=ROOT, **parameters).startswith(
        "ResourceNotFoundException: The specified principalArn could not be found."
    )


@pytest.mark.parametrize(("operation", "parameters"), [*OPERATIONS, ("create_access_entry", {})])
def test_a_cluster_whose_users_stand_in_a_map_has_no_entries(
    network: Stage, operation: str, parameters: dict[str, Any]
) -> None:
    expected = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP]"
    network.create_cluster(accessConfig={"authenticationMode": "CONFIG_MAP"})
    network.wait()

    refusal = network.refused(operation, principalArn=ROOT, **parameters)
    assert refusal.startswith(f"InvalidRequestException: {expected}")
    assert expected in network.refused("list_access_entries")


def test_entries_wait_for_their_cluster(network: Stage) -> None:
    network.create_cluster()

    assert network.refused("create_access_entry", principalArn=ROOT).endswith("is not in ACTIVE status")


def test_an_entry_is_changed_in_what_is_given(cluster: Stage) -> None:
    before = entry(cluster, kubernetesGroups=["team-a"], username="me")
    principal = cluster.facts.pod_role
    changed = cluster.call("update_access_entry", principalArn=principal, kubernetesGroups=["team-b"])["accessEntry"]

    assert (changed["kubernetesGroups"], changed["username"]) == (["team-b"], "me")
    assert changed["modifiedAt"] > before["modifiedAt"]
    cluster.call("update_access_entry", principalArn=principal, username="you")
    assert described(cluster)["kubernetesGroups"] == ["team-b"]
    assert described(cluster)["username"] == "you"
    assert "must not start with system:" in cluster.refused(
        "update_access_entry", principalArn=principal, kubernetesGroups=["system:masters"]
    )


def test_entries_of_nodes_take_no_groups_later_either(cluster: Stage) -> None:
    entry(cluster, type="EC2_LINUX")

    assert "can't be given for type EC2_LINUX" in cluster.refused(
        "update_access_entry", principalArn=cluster.facts.pod_role, kubernetesGroups=["team-a"]
    )


def test_a_deleted_entry_is_gone_with_its_policies(cluster: Stage) -> None:
    principal = cluster.facts.pod_role
    entry(cluster)
    cluster.call("associate_access_policy", principalArn=principal, policyArn=VIEW, accessScope=EVERYWHERE)
    cluster.call("delete_access_entry", principalArn=principal)
    assert cluster.call("list_access_entries")["accessEntries"] == []

    entry(cluster)
    assert policies(cluster) == {}


def policies(stage: Stage) -> dict[str, Any]:
    listed = stage.call("list_associated_access_policies", principalArn=stage.facts.pod_role)
    assert (listed["clusterName"], listed["principalArn"]) == ("it", stage.facts.pod_role)
    return {policy["policyArn"]: policy["accessScope"] for policy in listed["associatedAccessPolicies"]}


def test_policies_are_associated_widened_and_taken_away(cluster: Stage) -> None:
    principal = cluster.facts.pod_role
    entry(cluster)

    def associate(policy: str, scope: dict[str, Any]) -> dict[str, Any]:
        made = cluster.call("associate_access_policy", principalArn=principal, policyArn=policy, accessScope=scope)
        assert (made["clusterName"], made["principalArn"]) == ("it", principal)
        return made["associatedAccessPolicy"]

    associate(VIEW, EVERYWHERE)
    first = associate(EDIT, IN_DEV)
    assert policies(cluster) == {VIEW: {"type": "cluster", "namespaces": []}, EDIT: IN_DEV}

    wider = {"type": "namespace", "namespaces": ["dev", "test"]}
    second = associate(EDIT, wider)
    assert policies(cluster)[EDIT] == wider
    assert second["associatedAt"] == first["associatedAt"]
    assert second["modifiedAt"] > first["modifiedAt"]

    cluster.call("disassociate_access_policy", principalArn=principal, policyArn=EDIT)
    assert list(policies(cluster)) == [VIEW]
    assert cluster.refused("disassociate_access_policy", principalArn=principal, policyArn=EDIT) == (
        "ResourceNotFoundException: The specified policy is not associated with the entry."
    )


@pytest.mark.parametrize(
    ("policy", "scope", "message"),
    [
        (f"{PREFIX}AmazonEKSNonePolicy", EVERYWHERE, "is not an access policy"),
        ("arn:aws:iam::aws:policy/AdministratorAccess", EVERYWHERE, "is not an access policy"),
        (VIEW, {"type": "namespace"}, "The namespaces parameter must be given"),
        (VIEW, {"type": "namespace", "namespaces": []}, "The namespaces parameter must be given"),
        (VIEW, {"type": "cluster", "namespaces": ["dev"]}, "and only with it"),
        (VIEW, {"namespaces": ["dev"]}, "must have a type"),
        (VIEW, {}, "must have a type"),
        (VIEW, {"type": "node"}, "node is not one of [cluster, namespace]"),
    ],
)
def test_an_association_that_eks_does_not_take_is_refused(
    cluster: Stage, policy: str, scope: dict[str, Any], message: str
) -> None:
    entry(cluster)
    refusal = cluster.refused(
        "associate_access_policy", principalArn=cluster.facts.pod_role, policyArn=policy, accessScope=scope
    )

    assert refusal.startswith("InvalidParameterException: ")
    assert message in refusal


def test_entries_of_nodes_take_no_policies(cluster: Stage) -> None:
    entry(cluster, type="EC2_LINUX")

    assert (
        cluster.refused(
            "associate_access_policy", principalArn=cluster.facts.pod_role, policyArn=VIEW, accessScope=EVERYWHERE
        )
        == "InvalidRequestException: Access policies can't be associated with an access entry of type EC2_LINUX"
    )


def test_entries_are_listed_by_policy(cluster: Stage) -> None:
    principal = cluster.facts.pod_role
    entry(cluster)
    entry(cluster, principalArn=ROOT)
    cluster.call("associate_access_policy", principalArn=principal, policyArn=VIEW, accessScope=EVERYWHERE)

    assert cluster.call("list_access_entries")["accessEntries"] == [principal, ROOT]
    assert cluster.call("list_access_entries", associatedPolicyArn=VIEW)["accessEntries"] == [principal]
    assert cluster.call("list_access_entries", associatedPolicyArn=EDIT)["accessEntries"] == []


def test_policies_of_aws_are_listed(network: Stage) -> None:
    listed = network.eks.list_access_policies()["accessPolicies"]

    assert {"name": "AmazonEKSViewPolicy", "arn": VIEW} in listed
    assert all(policy["arn"] == PREFIX + policy["name"] for policy in listed)
