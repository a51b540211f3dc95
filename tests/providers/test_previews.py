"""What a preview tells of a resource that isn't deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatrial.rehearsal.providers.values import UNKNOWN

if TYPE_CHECKING:
    from conftest import Driver

CLUSTER = "aws:eks/cluster:Cluster"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


def test_new_resource_has_what_was_asked_for_and_unknowns(offline: Driver) -> None:
    inputs = {"name": "it", "roleArn": UNKNOWN, "vpcConfig": {"subnetIds": [UNKNOWN]}, "tags": {"a": "b"}}

    planned = offline.create(CLUSTER, inputs, preview=True)

    assert planned["name"] == "it"
    assert planned["roleArn"] is UNKNOWN
    assert planned["tags"] == {"a": "b"}
    assert planned["endpoint"] is planned["arn"] is planned["version"] is planned["region"] is UNKNOWN
    assert planned["bootstrapSelfManagedAddons"] is True
    assert "encryptionConfig" not in planned
    assert planned["vpcConfig"] == {
        "clusterSecurityGroupId": UNKNOWN,
        "controlPlaneEgressMode": UNKNOWN,
        "endpointPublicAccess": True,
        "publicAccessCidrs": UNKNOWN,
        "subnetIds": [UNKNOWN],
        "vpcId": UNKNOWN,
    }


def test_unknown_object_stays_unknown(offline: Driver) -> None:
    inputs = {"roleArn": "arn", "vpcConfig": UNKNOWN}

    assert offline.create(CLUSTER, inputs, preview=True)["vpcConfig"] is UNKNOWN


def test_changed_resource_keeps_what_the_account_knows(offline: Driver) -> None:
    state = {
        "id": "it",
        "arn": "arn",
        "version": "1.34",
        "vpcConfig": {"subnetIds": ["a"], "vpcId": "v", "endpointPublicAccess": True},
        "zonalShiftConfig": {"enabled": True},
    }
    inputs = {"roleArn": "arn", "vpcConfig": {"subnetIds": ["a"], "endpointPublicAccess": False}}

    planned = offline.update(CLUSTER, state, inputs, preview=True)

    assert planned == {
        "id": "it",
        "arn": "arn",
        "version": "1.34",
        "roleArn": "arn",
        "vpcConfig": {"subnetIds": ["a"], "vpcId": "v", "endpointPublicAccess": False},
    }


def test_next_version_of_a_template_is_unknown(offline: Driver) -> None:
    state = {"id": "lt", "name": "it", "latestVersion": 1, "defaultVersion": 1}

    planned = offline.update(TEMPLATE, state, {"name": "it", "imageId": "ami-1"}, preview=True)

    assert planned == {
        "id": "lt",
        "name": "it",
        "imageId": "ami-1",
        "latestVersion": UNKNOWN,
        "defaultVersion": UNKNOWN,
    }
