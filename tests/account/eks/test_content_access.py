"""Access policies as RBAC: the rules that AWS documents, for their holders only, where they count."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.rehearsal.account.eks.content import access
from seatrial.semantics.fields import Fields
from seatrial.semantics.rbac import access_entries, roles

PREFIX = "arn:aws:eks::aws:cluster-access-policy/"


def entry(*associations: tuple[str, list[str]]) -> dict[str, Any]:
    policies = {
        PREFIX + name: {"accessScope": {"type": "namespace" if namespaces else "cluster", "namespaces": namespaces}}
        for name, namespaces in associations
    }
    return {"_policies": policies}


def made(*entries: dict[str, Any], namespaces: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return list(access.objects(entries, namespaces))


def bindings(objects: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [
        (it["kind"], it["metadata"].get("namespace", ""), it["roleRef"]["name"], it["subjects"][0]["name"])
        for it in objects
        if it["kind"] != "ClusterRole"
    ]


def test_a_policy_of_the_whole_cluster_is_bound_there() -> None:
    role = "eks:access-policy:AmazonEKSClusterAdminPolicy"

    assert bindings(made(entry(("AmazonEKSClusterAdminPolicy", [])))) == [("ClusterRoleBinding", "", role, role)]


def test_a_policy_of_namespaces_is_bound_in_those_that_there_are() -> None:
    role = "eks:access-policy:AmazonEKSEditPolicy"
    found = bindings(made(entry(("AmazonEKSEditPolicy", ["dev", "test-*"])), namespaces=("dev", "test-1", "prod")))

    assert found == [
        ("RoleBinding", "dev", role, f"{role}:dev"),
        ("RoleBinding", "test-1", role, f"{role}:test-*"),
    ]


def test_patterns_that_overlap_have_bindings_of_their_own() -> None:
    objects = made(entry(("AmazonEKSViewPolicy", ["d*"])), entry(("AmazonEKSViewPolicy", ["dev"])), namespaces=("dev",))
    named = [it["metadata"]["name"] for it in objects if it["kind"] == "RoleBinding"]

    assert len(named) == len(set(named)) == 2


def test_holders_of_the_same_policy_share_role_and_binding() -> None:
    held = entry(("AmazonEKSViewPolicy", []))

    assert [it["kind"] for it in made(held, held)] == ["ClusterRole", "ClusterRoleBinding"]


def test_a_policy_whose_rules_are_not_documented_gives_nothing() -> None:
    assert made(entry(("AmazonEKSAutoNodePolicy", []))) == []
    assert made() == []


@pytest.mark.parametrize(
    "policy",
    [
        "AmazonEKSAdminPolicy",
        "AmazonEKSAdminViewPolicy",
        "AmazonEKSClusterAdminPolicy",
        "AmazonEKSEditPolicy",
        "AmazonEKSViewPolicy",
    ],
)
def test_a_role_allows_what_the_evaluator_says(policy: str) -> None:
    (role,) = [it for it in made(entry((policy, []))) if it["kind"] == "ClusterRole"]

    read = tuple(roles.rule(Fields(rule, "", [])) for rule in role["rules"])
    assert read == access_entries.policy_rules(policy)
