"""RBAC-11 against the authorizer: it finds a fault exactly where a team may do something in two namespaces."""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import product
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from seatrial import rules
from seatrial.plan import Plan, Resource
from seatrial.rules import Status
from seatrial.rules.facts.manifests import manifest
from seatrial.rules.facts.objects import Objects
from seatrial.semantics import rbac

PLACES = ("north", "south")
TEAMS = ("red", "blue")
ROLES = ("edit", "system:discovery", "view")

Binding = tuple[str, str, str]
"""Role, namespace or none for all, team."""


def _bound(index: int, binding: Binding) -> Resource:
    role, place, team = binding
    kind = "RoleBinding" if place else "ClusterRoleBinding"
    type_ = f"kubernetes:rbac.authorization.k8s.io/v1:{kind}"
    inputs = {
        "metadata": {"name": f"b{index}", **({"namespace": place} if place else {})},
        "roleRef": {"kind": "ClusterRole", "name": role},
        "subjects": ({"kind": "Group", "name": team},),
    }
    return Resource(urn=f"urn:pulumi:s::p::{type_}::b{index}", type=type_, name=f"b{index}", custom=True, inputs=inputs)


def _allowed(planned: Iterable[Resource], team: str, place: str) -> bool:
    objects = rbac.read(manifest(each) for each in Objects(planned).every)
    request = rbac.Request(verb="get", resource="pods", namespace=place)
    return objects.allowed(rbac.user("somebody", team), request).is_allowed


@given(st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(("", *PLACES)), st.sampled_from(TEAMS)), max_size=5))
def test_a_team_that_reaches_two_namespaces_is_found(bindings: list[Binding]) -> None:
    planned = Plan(project="p", stack="s", resources=tuple(_bound(*each) for each in enumerate(bindings)))

    (result,) = rules.check(planned, rules.chosen(["RBAC-11"]), today=date(2026, 11, 23)).results

    homes = {team: {place for _, place, bound in bindings if place and bound == team} for team in TEAMS}
    reaching = [
        team
        for team, places in homes.items()
        if len(places) > 1 or (places and all(_allowed(planned, team, place) for place in PLACES))
    ]
    assert (result.status is Status.FAILED) == bool(reaching)


def test_the_teams_of_the_shipped_stack_may_nothing_elsewhere(shipped: Callable[..., Plan]) -> None:
    planned = shipped("full")
    objects = [manifest(each) for each in Objects(planned).every]
    known = rbac.read(objects)
    teams = {"dev": rbac.user("a", "team-dev"), "prod": rbac.user("b", "team-prod")}
    rules_ = [rule for each in objects if each["kind"] == "Role" for rule in cast("list[Any]", each["rules"])]
    asked = {
        (group, resource, verb)
        for rule in rules_
        for group, resource, verb in product(rule["apiGroups"], rule["resources"], rule["verbs"])
    }

    for (home, team), place, (group, resource, verb) in product(teams.items(), ("dev", "prod", "kube-system"), asked):
        name, _, subresource = resource.partition("/")
        request = rbac.Request(verb=verb, group=group, resource=name, subresource=subresource, namespace=place)
        if place != home:
            assert not known.allowed(team, request).is_allowed, (home, place, resource, verb)
    assert len(asked) > 50
    assert known.allowed(teams["dev"], rbac.Request(verb="get", resource="pods", namespace="dev")).is_allowed
