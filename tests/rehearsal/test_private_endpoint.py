"""The documented way to a private endpoint: reachable from a few addresses, then in-cluster objects, then private."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.rehearsal

_ADMINS = {"platform-team": "arn:aws:iam::000000000000:role/platform-team"}


def _cluster(**endpoint: Any) -> dict[str, Any]:
    return {"admins": _ADMINS, "endpoint": endpoint}


def test_from_a_limited_public_endpoint_to_a_private_one(workshop: Any) -> None:
    limited = _cluster(public=True, publicAccessCidrs=["203.0.113.0/24"])

    workshop.describe(cluster=limited, kubernetes={"enabled": False})
    workshop.run("up")
    assert _access(workshop) == (True, ["203.0.113.0/24"])
    assert workshop.outputs()["kubernetesEnabled"] == "false"
    assert "0 failed" in workshop.run("test")

    workshop.describe(kubernetes={"enabled": True})
    said = workshop.run("up")
    assert "replaced" not in said
    assert workshop.outputs()["kubernetesEnabled"] == "true"
    assert json.loads(workshop.outputs()["namespaces"]) == ["dev", "prod"]

    workshop.describe(cluster=_cluster(public=False))
    said = workshop.run("up")
    assert "replaced" not in said
    assert "update eks-cluster-dev (aws:eks/cluster:Cluster): vpcConfig" in said
    assert _access(workshop)[0] is False
    assert "0 failed" in workshop.run("test")

    assert "left in the account" not in workshop.run("down")


def _access(workshop: Any) -> tuple[bool, list[str]]:
    described = workshop.aws("eks").describe_cluster(name="eks-cluster-dev")["cluster"]["resourcesVpcConfig"]
    assert described["endpointPrivateAccess"] is True
    return described["endpointPublicAccess"], described["publicAccessCidrs"]
