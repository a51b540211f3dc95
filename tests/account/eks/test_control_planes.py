"""A cluster is active when its control plane is ready, and gone when that is gone."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.account.eks.control_planes import Nowhere, Order, Phase, Place

if TYPE_CHECKING:
    from conftest import Planes, Stage

IT = Place("us-east-2", "it")
ENDPOINT = "https://127.0.0.1:24680"


def begun(planes: Planes, network: Stage) -> Stage:
    network.create_cluster()
    network.wait()
    assert planes.phases == {IT: Phase.STARTING}
    return network


@pytest.fixture
def beginning(planes: Planes, network: Stage) -> Stage:
    """A cluster whose control plane has begun."""
    # The fixture before has begun without control planes.
    network.account.restart()
    return begun(planes, network)


def test_a_cluster_is_created_until_its_control_plane_is_ready(planes: Planes, beginning: Stage) -> None:
    beginning.wait(100)
    assert beginning.cluster()["status"] == "CREATING"
    assert "endpoint" not in beginning.cluster()
    planes.become(Phase.READY)
    cluster = beginning.cluster()

    assert cluster["status"] == "ACTIVE"
    assert cluster["endpoint"] == ENDPOINT
    assert base64.b64decode(cluster["certificateAuthority"]["data"]) == b"AUTHORITY"


def test_a_control_plane_is_told_what_it_needs(planes: Planes, beginning: Stage) -> None:
    order = planes.orders[IT]
    (record,) = beginning.account.eks.state.clusters.values()

    assert order.issuer == record["identity"]["oidc"]["issuer"]
    assert order.signing_key == beginning.account.eks.state.signing_key
    assert order.service_cidr == "172.20.0.0/16"
    where = "https://127.0.0.1:4566/_seatrial/clusters/us-east-2/it/token-review/"
    assert order.token_webhook.startswith(where)
    assert len(order.token_webhook.removeprefix(where)) > 32


def test_a_cluster_fails_with_its_control_plane(planes: Planes, beginning: Stage) -> None:
    planes.become(Phase.FAILED)
    cluster = beginning.cluster()

    assert cluster["status"] == "FAILED"
    (issue,) = cluster["health"]["issues"]
    assert issue["message"] == "the control plane did not start: etcd ended"
    beginning.call("delete_cluster")
    planes.finish()
    beginning.wait()
    assert beginning.call("list_clusters")["clusters"] == []


def test_a_cluster_that_is_to_fail_has_no_control_plane_left(planes: Planes, network: Stage) -> None:
    network.account.restart()
    network.fail("CreateCluster", "InternalFailure", "it was to fail")
    begun(planes, network)

    assert network.cluster()["status"] == "FAILED"
    assert planes.ending == {IT}


def test_a_cluster_is_deleted_when_its_control_plane_is_gone(planes: Planes, hosted: Stage) -> None:
    hosted.call("delete_cluster")
    assert planes.ending == {IT}
    hosted.wait(100)
    assert hosted.cluster()["status"] == "DELETING"
    planes.finish()

    assert hosted.call("list_clusters")["clusters"] == []
    assert planes.ended == [IT]


def test_control_planes_go_on_after_a_restart(planes: Planes, hosted: Stage) -> None:
    order = planes.orders[IT]
    planes.phases.clear()
    hosted.account.restart()

    assert planes.stopped == 1
    assert planes.phases == {IT: Phase.STARTING}
    assert planes.orders[IT] == order
    assert hosted.cluster()["status"] == "ACTIVE"


def test_a_deletion_goes_on_after_a_restart(planes: Planes, hosted: Stage) -> None:
    hosted.call("delete_cluster")
    hosted.account.restart()

    assert planes.ending == {IT}
    planes.finish()
    hosted.wait()
    assert hosted.call("list_clusters")["clusters"] == []


def test_what_has_failed_is_not_begun_again(planes: Planes, beginning: Stage) -> None:
    planes.become(Phase.FAILED)
    beginning.call("list_clusters")
    planes.phases.clear()
    beginning.account.restart()

    assert planes.phases == {}


def page(stage: Stage) -> list[dict[str, Any]]:
    status, _, content = stage.account.admin("GET", "clusters")
    assert status == 200
    return json.loads(content)


def test_a_page_tells_what_runs_behind_a_cluster(planes: Planes, beginning: Stage) -> None:
    assert page(beginning)[0]["phase"] == "starting"
    planes.become(Phase.READY)
    beginning.call("list_clusters")
    (told,) = page(beginning)

    assert told["name"] == "it"
    assert told["status"] == "ACTIVE"
    assert (told["phase"], told["endpoint"], told["readySeconds"]) == ("ready", ENDPOINT, 4.5)
    assert (told["askedVersion"], told["runningVersion"]) == ("1.36", "1.36.2")
    assert (told["nodes"], told["readyNodes"], told["addons"]) == (0, 0, {})


def test_a_cluster_that_is_a_record_only_says_so(cluster: Stage) -> None:
    (told,) = page(cluster)

    assert told == {"name": "it", "region": "us-east-2", "status": "ACTIVE", "phase": "none"}


def test_nowhere_nothing_runs() -> None:
    nowhere, order = Nowhere(), Order(issuer="", signing_key="", service_cidr="", token_webhook="")
    nowhere.begin(IT, order)

    assert nowhere.view(IT) is None
    assert nowhere.end(IT)
    nowhere.stop()
