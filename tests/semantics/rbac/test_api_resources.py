"""The API's own resources, by every name that they go by."""

from typing import Any, cast

import pytest

from seatrial.errors import UsageError
from seatrial.semantics.rbac import api_resources, default_roles


@pytest.mark.parametrize(
    ("text", "name", "group", "is_namespaced"),
    [
        ("pods", "pods", "", True),
        ("pod", "pods", "", True),
        ("po", "pods", "", True),
        ("Deployment", "deployments", "apps", True),
        ("deploy.apps", "deployments", "apps", True),
        ("ns", "namespaces", "", False),
        ("netpol", "networkpolicies", "networking.k8s.io", True),
        ("crds", "customresourcedefinitions", "apiextensions.k8s.io", False),
        ("events", "events", "", True),
        ("events.events.k8s.io", "events", "events.k8s.io", True),
        ("groups", "groups", "", False),
        ("certificates.cert-manager.io", "certificates", "cert-manager.io", True),
        ("pods.metrics.k8s.io", "pods", "metrics.k8s.io", True),
    ],
)
def test_a_resource_goes_by_plural_kind_short_name_and_group(
    text: str, name: str, group: str, is_namespaced: bool
) -> None:
    found = api_resources.find(text)

    assert (found.name, found.group, found.is_namespaced) == (name, group, is_namespaced)


def test_what_the_default_roles_name_is_known() -> None:
    values = cast("list[dict[str, Any]]", default_roles.objects())
    rules: list[dict[str, list[str]]] = [
        rule for value in values for rule in cast("list[Any]", value.get("rules") or [])
    ]
    named = {resource.partition("/")[0] for rule in rules for resource in rule.get("resources", [])}

    assert {api_resources.find(name).name for name in named - {"*"}} == named - {"*"}


@pytest.mark.parametrize("text", ["podz", "", "nothing"])
def test_what_nobody_knows_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=f"no resource '{text}'"):
        api_resources.find(text)
