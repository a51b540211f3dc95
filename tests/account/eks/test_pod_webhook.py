"""Pods whose service account has a role are told where their credentials come from."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.account.calls import Request
from seatrial.rehearsal.account.eks import hosts
from seatrial.rehearsal.account.eks.content import pod_identity
from seatrial.rehearsal.account.eks.pod_webhook import PodWebhook, connect
from seatrial.rehearsal.kubernetes_api import Unreachable

if TYPE_CHECKING:
    from conftest import Planes, Stage

ROLE = "arn:aws:iam::000000000000:role/demo"
FOLDER = "/var/run/secrets/eks.amazonaws.com/serviceaccount"


class Accounts:
    """Service accounts of a cluster."""

    def __init__(self, **annotations: str) -> None:
        self.annotations: dict[str, str] | None = annotations or None
        self.asked: list[Any] = []
        self.connected = 0
        self.away = False

    def connect(self, path: Path) -> Accounts:
        assert path == Path("/kubeconfig")
        self.connected += 1
        return self

    def get(self, manifest: dict[str, Any]) -> dict[str, Any] | None:
        self.asked.append((manifest["metadata"]["namespace"], manifest["metadata"]["name"]))
        if self.away:
            raise Unreachable("https://127.0.0.1", "refused")
        return {"metadata": {"annotations": self.annotations}}


def pod(**spec: Any) -> dict[str, Any]:
    return {"metadata": {}, "spec": {"containers": [{"name": "app"}], **spec}}


def review(stage: Stage, accounts: Accounts, made: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Ask about a new pod; give the patch, if there is one."""
    (cluster,) = stage.account.eks.state.clusters.values()
    asked = {"request": {"uid": "1", "namespace": "dev", "object": made}}
    path = f"/_seatrial/clusters/us-east-2/it/pods/{hosts.pod_secret(cluster)}"
    request = Request("POST", path, {}, {}, json.dumps(asked).encode())
    answer = asyncio.run(PodWebhook(stage.account.eks, accounts.connect).answer(request))
    assert answer is not None
    document = json.loads(answer[2])
    assert (document["apiVersion"], document["kind"]) == ("admission.k8s.io/v1", "AdmissionReview")
    response = document["response"]
    assert (response["uid"], response["allowed"]) == ("1", True)
    return json.loads(base64.b64decode(response["patch"])) if "patch" in response else None


def with_role(**more: str) -> Accounts:
    return Accounts(**{"eks.amazonaws.com/role-arn": ROLE, **{f"eks.amazonaws.com/{k}": v for k, v in more.items()}})


def test_a_role_on_the_service_account_reaches_the_container(hosted: Stage) -> None:
    accounts = with_role()
    patch = review(hosted, accounts, pod(serviceAccountName="demo"))

    assert accounts.asked == [("dev", "demo")]
    assert patch is not None
    by_path = {it["path"]: it["value"] for it in patch}
    variables = {it["name"]: it["value"] for it in by_path["/spec/containers/0/env"]}
    assert variables == {
        "AWS_ROLE_ARN": ROLE,
        "AWS_WEB_IDENTITY_TOKEN_FILE": f"{FOLDER}/token",
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",
        "AWS_DEFAULT_REGION": "us-east-2",
        "AWS_REGION": "us-east-2",
    }
    mount = {"name": "aws-iam-token", "mountPath": FOLDER, "readOnly": True}
    assert by_path["/spec/containers/0/volumeMounts"] == [mount]
    (volume,) = by_path["/spec/volumes"]
    token = {"audience": "sts.amazonaws.com", "expirationSeconds": 86400, "path": "token"}
    assert volume["projected"]["sources"] == [{"serviceAccountToken": token}]


@pytest.mark.parametrize(
    ("annotations", "audience", "seconds"),
    [
        ({"audience": "elsewhere"}, "elsewhere", 86400),
        ({"token-expiration": "3600"}, "sts.amazonaws.com", 3600),
        ({"token-expiration": "5"}, "sts.amazonaws.com", 600),
        ({"token-expiration": "soon"}, "sts.amazonaws.com", 86400),
    ],
)
def test_annotations_say_whom_a_token_is_for_and_how_long(
    hosted: Stage, annotations: dict[str, str], audience: str, seconds: int
) -> None:
    patch = review(hosted, with_role(**annotations), pod())

    assert patch is not None
    token = patch[-1]["value"][0]["projected"]["sources"][0]["serviceAccountToken"]
    assert (token["audience"], token["expirationSeconds"]) == (audience, seconds)


def test_what_a_pod_says_itself_stays(hosted: Stage) -> None:
    own = {"name": "AWS_REGION", "value": "eu-west-1"}
    made = pod(
        containers=[{"name": "app", "env": [own], "volumeMounts": [{"name": "data"}]}, {"name": "left"}],
        initContainers=[{"name": "first"}],
        volumes=[{"name": "data"}],
    )
    made["metadata"]["annotations"] = {"eks.amazonaws.com/skip-containers": "left, other"}
    patch = review(hosted, with_role(), made)

    assert patch is not None
    by_path = {it["path"]: it["value"] for it in patch}
    assert [it["name"] for it in by_path["/spec/containers/0/env"]].count("AWS_REGION") == 1
    assert own in by_path["/spec/containers/0/env"]
    assert [it["name"] for it in by_path["/spec/containers/0/volumeMounts"]] == ["data", "aws-iam-token"]
    assert [it["name"] for it in by_path["/spec/volumes"]] == ["data", "aws-iam-token"]
    assert "/spec/initContainers/0/env" in by_path
    assert "/spec/containers/1/env" not in by_path


def test_a_pod_that_has_the_token_already_is_left_alone(hosted: Stage) -> None:
    assert review(hosted, with_role(), pod(volumes=[{"name": "aws-iam-token"}])) is None


def test_a_service_account_without_a_role_brings_nothing(hosted: Stage) -> None:
    accounts = Accounts()

    assert review(hosted, accounts, pod()) is None
    assert accounts.asked == [("dev", "default")]


def test_a_pod_identity_association_brings_the_agents_address(hosted: Stage) -> None:
    role = hosted.facts.pod_role
    hosted.call("create_pod_identity_association", namespace="dev", serviceAccount="app", roleArn=role)
    patch = review(hosted, Accounts(), pod(serviceAccountName="app"))

    assert patch is not None
    variables = {it["name"]: it["value"] for it in patch[0]["value"]}
    assert variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] == "http://169.254.170.23/v1/credentials"
    token = patch[-1]["value"][0]["projected"]["sources"][0]["serviceAccountToken"]
    assert (token["audience"], token["path"]) == ("pods.eks.amazonaws.com", "eks-pod-identity-token")
    assert review(hosted, Accounts(), pod(serviceAccountName="other")) is None


def test_a_cluster_that_cannot_be_asked_gets_its_pod_all_the_same(planes: Planes, hosted: Stage) -> None:
    accounts = with_role()
    accounts.away = True
    assert review(hosted, accounts, pod()) is None

    planes.phases.clear()
    assert review(hosted, with_role(), pod()) is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_seatrial/clusters/us-east-2/it/pods/{secret}"),
        ("POST", "/_seatrial/clusters/us-east-2/it/pods/0123"),
        ("POST", "/_seatrial/clusters/us-east-2/other/pods/{secret}"),
        ("POST", "/_seatrial/clusters/us-east-2/it/token-review/{secret}"),
    ],
)
def test_only_who_knows_the_secret_is_answered(hosted: Stage, method: str, path: str) -> None:
    (cluster,) = hosted.account.eks.state.clusters.values()

    assert hosted.account.ask(method, path.format(secret=hosts.pod_secret(cluster)), body=b"{}")[0] == 403


def test_the_webhook_is_where_the_account_answers(hosted: Stage) -> None:
    (cluster,) = hosted.account.eks.state.clusters.values()
    url = hosts.pod_webhook(hosted.account.eks, cluster)
    (webhook,) = pod_identity.configuration(url, "Q0E=")["webhooks"]

    assert url.startswith("https://127.0.0.1:4566/_seatrial/clusters/us-east-2/it/pods/")
    assert cluster["_token"] not in url
    assert webhook["clientConfig"] == {"url": url, "caBundle": "Q0E="}
    assert webhook["failurePolicy"] == "Ignore"


def test_a_kubeconfig_leads_to_its_cluster(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "it",
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
        "clusters": [{"name": "it", "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": "it", "user": {"token": "t"}}],
    }
    path.write_text(json.dumps(config))

    reader: Any = connect(path)
    assert reader.server == "https://127.0.0.1:1"
