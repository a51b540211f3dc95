"""Pod Identity associations: which role the pods of a service account get."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage

CREATE = "create_pod_identity_association"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
TARGET = "arn:aws:iam::111111111111:role/target"


def associate(stage: Stage, **parameters: Any) -> dict[str, Any]:
    given = {"namespace": "default", "serviceAccount": "app", "roleArn": stage.facts.pod_role}
    return stage.call(CREATE, **{**given, **parameters})["association"]


def described(stage: Stage, number: str) -> dict[str, Any]:
    return stage.call("describe_pod_identity_association", associationId=number)["association"]


def test_an_association_has_the_defaults_of_aws(cluster: Stage) -> None:
    made = associate(cluster)
    number = made["associationId"]

    assert described(cluster, number) == made
    assert made.pop("createdAt") == made.pop("modifiedAt")
    assert number.startswith("a-")
    assert made == {
        "clusterName": "it",
        "namespace": "default",
        "serviceAccount": "app",
        "roleArn": cluster.facts.pod_role,
        "associationArn": f"arn:aws:eks:us-east-2:000000000000:podidentityassociation/it/{number}",
        "associationId": number,
        "tags": {},
        "disableSessionTags": False,
    }


@pytest.mark.parametrize(
    "given",
    [
        {"tags": {"Owner": "me"}},
        {"disableSessionTags": True},
        {"disableSessionTags": True, "policy": POLICY},
        {"targetRoleArn": TARGET},
    ],
    ids=str,
)
def test_an_association_keeps_what_it_was_given(cluster: Stage, given: dict[str, Any]) -> None:
    made = associate(cluster, **given)

    assert given.items() <= described(cluster, made["associationId"]).items()
    assert ("externalId" in made) == ("targetRoleArn" in given)


@pytest.mark.parametrize(
    ("role", "parameters", "message"),
    [
        ("none", {}, "ResourceNotFoundException: Role provided in the request does not exist: "),
        ("ec2", {}, "InvalidParameterException: Trust policy of role does not allow pods.eks.amazonaws.com"),
        ("pods", {"policy": POLICY}, "InvalidParameterException: A policy needs disableSessionTags to be true"),
    ],
)
def test_an_association_that_could_not_work_is_refused(
    cluster: Stage, role: str, parameters: dict[str, Any], message: str
) -> None:
    facts = cluster.facts
    arns = {"none": "arn:aws:iam::000000000000:role/none", "ec2": facts.node_role, "pods": facts.pod_role}
    given = {"namespace": "default", "serviceAccount": "app", "roleArn": arns[role], **parameters}

    assert cluster.refused(CREATE, **given).startswith(message)
    number = associate(cluster)["associationId"]
    assert cluster.refused(
        "update_pod_identity_association", associationId=number, roleArn=arns[role], **parameters
    ).startswith(message)


def trusting(stage: Stage, *statements: dict[str, Any], single: bool = False) -> str:
    document = json.dumps({"Version": "2012-10-17", "Statement": statements[0] if single else statements})
    name = stage.account.name("trusting")
    return stage.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]


PODS = {"Service": "pods.eks.amazonaws.com"}
BOTH = ["sts:AssumeRole", "sts:TagSession"]
ROOT = {"AWS": "arn:aws:iam::000000000000:root"}


@pytest.mark.parametrize(
    ("statement", "admitted"),
    [
        ({"Effect": "Allow", "Principal": PODS, "Action": BOTH}, True),
        ({"Effect": "Allow", "Principal": {"Service": ["a.amazonaws.com", *PODS.values()]}, "Action": BOTH}, True),
        ({"Effect": "Allow", "Principal": PODS, "Action": "sts:AssumeRole"}, True),
        ({"Effect": "Allow", "Principal": PODS, "Action": "sts:TagSession"}, False),
        ({"Effect": "Deny", "Principal": PODS, "Action": BOTH}, False),
        ({"Effect": "Allow", "Principal": ROOT, "Action": BOTH}, False),
        ({"Effect": "Allow", "Principal": "*", "Action": BOTH}, False),
    ],
    ids=str,
)
@pytest.mark.parametrize("single", [False, True])
def test_the_trust_policy_of_a_role_decides(
    cluster: Stage, statement: dict[str, Any], *, admitted: bool, single: bool
) -> None:
    role = trusting(cluster, statement, single=single)
    if admitted:
        assert associate(cluster, roleArn=role)["roleArn"] == role
    else:
        given = {"namespace": "default", "serviceAccount": "app", "roleArn": role}
        assert "Trust policy of role does not allow" in cluster.refused(CREATE, **given)


def test_a_service_account_has_one_association(cluster: Stage) -> None:
    number = associate(cluster)["associationId"]
    associate(cluster, namespace="other")
    associate(cluster, serviceAccount="other")
    given = {"namespace": "default", "serviceAccount": "app", "roleArn": cluster.facts.pod_role}

    assert cluster.refused(CREATE, **given) == f"ResourceInUseException: Association already exists: {number}"


def test_an_association_needs_an_active_cluster(network: Stage) -> None:
    network.create_cluster()
    given = {"namespace": "default", "serviceAccount": "app", "roleArn": network.facts.pod_role}

    assert network.refused(CREATE, **given).endswith("is not in ACTIVE status")


@pytest.mark.parametrize("operation", ["describe", "update", "delete"])
def test_an_association_that_is_not_there_is_not_found(cluster: Stage, operation: str) -> None:
    called = f"{operation}_pod_identity_association"

    assert cluster.refused(called, associationId="a-0") == (
        "ResourceNotFoundException: No association found for association-id: a-0"
    )
    assert cluster.refused(called, associationId="a-0", clusterName="none").endswith("No cluster found for name: none.")


def test_associations_are_listed_by_namespace_and_service_account(cluster: Stage) -> None:
    made = associate(cluster, tags={"Owner": "me"})
    associate(cluster, serviceAccount="other")
    associate(cluster, namespace="other")
    cluster.create_cluster(name="another")

    def listed(**parameters: str) -> list[tuple[str, str]]:
        found = cluster.call("list_pod_identity_associations", **parameters)["associations"]
        return [(each["namespace"], each["serviceAccount"]) for each in found]

    assert listed() == [("default", "app"), ("default", "other"), ("other", "app")]
    assert listed(namespace="default") == [("default", "app"), ("default", "other")]
    assert listed(serviceAccount="app") == [("default", "app"), ("other", "app")]
    assert listed(namespace="other", serviceAccount="other") == []
    assert listed(clusterName="another") == []
    first = cluster.call("list_pod_identity_associations")["associations"][0]
    assert first == {name: made[name] for name in first}
    assert set(first) == {"clusterName", "namespace", "serviceAccount", "associationArn", "associationId"}


def test_an_association_is_changed_in_what_is_given(cluster: Stage) -> None:
    made, other = associate(cluster), cluster.role("pods.eks.amazonaws.com")
    number = made["associationId"]

    def change(**parameters: Any) -> dict[str, Any]:
        return cluster.call("update_pod_identity_association", associationId=number, **parameters)["association"]

    assert change(roleArn=other)["roleArn"] == other
    changed = change(disableSessionTags=True, policy=POLICY)
    assert (changed["roleArn"], changed["disableSessionTags"], changed["policy"]) == (other, True, POLICY)
    assert changed["modifiedAt"] > made["modifiedAt"]
    assert described(cluster, number) == changed


def test_a_deleted_association_is_gone(cluster: Stage) -> None:
    made = associate(cluster)
    deleted = cluster.call("delete_pod_identity_association", associationId=made["associationId"])["association"]

    assert deleted == made
    assert cluster.call("list_pod_identity_associations")["associations"] == []
    assert associate(cluster)["associationId"] != made["associationId"]
