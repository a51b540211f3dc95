"""Pod Identity: a pod's token becomes credentials of the role that is associated with its service account."""

import base64
import json
import time
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import oidc


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Pods:
    """A cluster with an association, and the pod that it is for."""

    def __init__(self, account: Any, cluster: Any) -> None:
        self.account, self.cluster, self.iam = account, cluster, account.client("iam")
        self.issuer = cluster.describe()["identity"]["oidc"]["issuer"]
        self.role = account.role("pods.eks.amazonaws.com", "AmazonEC2ReadOnlyAccess")
        self.association = self.associate(roleArn=self.role)

    def associate(self, **parameters: Any) -> dict[str, Any]:
        given = {"clusterName": self.cluster.name, "namespace": "dev", "serviceAccount": "app", **parameters}
        return self.cluster.eks.create_pod_identity_association(**given)["association"]

    def token(self, **changed: Any) -> str:
        now = int(time.time())
        pod = {"name": "app-1", "uid": "0001"}
        claims = {
            "iss": self.issuer,
            "aud": ["pods.eks.amazonaws.com"],
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "kubernetes.io": {"namespace": "dev", "serviceaccount": {"name": "app"}, "pod": pod},
            **changed,
        }
        pem = oidc.signing_key(self.account.eks.state).encode()
        key = cast(rsa.RSAPrivateKey, serialization.load_pem_private_key(pem, None))
        text = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "RS256"}, claims))
        return f"{text}.{encoded(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def ask(self, token: str = "") -> Any:
        auth = self.account.client("eks-auth")
        return auth.assume_role_for_pod_identity(clusterName=self.cluster.name, token=token or self.token())

    def refused(self, token: str) -> str:
        return self.account.refusal(
            "eks-auth", "assume_role_for_pod_identity", clusterName=self.cluster.name, token=token
        )

    def session(self, service: str, answer: Any) -> Any:
        given = answer["credentials"]
        return self.account.client(service, (given["accessKeyId"], given["secretAccessKey"], given["sessionToken"]))

    def tags(self, answer: Any) -> dict[str, str]:
        """Give the tags that conditions on the session see."""
        held = emulator.member(emulator.service("sts"), "_sessions")[answer["credentials"]["accessKeyId"]]
        return {tag["Key"]: tag["Value"] for tag in held["SessionTags"]}


@pytest.fixture
def pods(account: Any, cluster: Any) -> Pods:
    return Pods(account, cluster)


def test_a_pod_gets_the_role_of_its_service_account(pods: Pods) -> None:
    answer = pods.ask()
    caller = pods.session("sts", answer).get_caller_identity()["Arn"]

    assert caller == answer["assumedRoleUser"]["arn"]
    assert f":assumed-role/{pods.role.rpartition('/')[2]}/eks-{pods.cluster.name}-app-1-" in caller
    assert answer["subject"] == {"namespace": "dev", "serviceAccount": "app"}
    assert answer["audience"] == "pods.eks.amazonaws.com"
    assert answer["podIdentityAssociation"]["associationId"] == pods.association["associationId"]
    assert pods.session("ec2", answer).describe_vpcs()["Vpcs"]
    assert pods.tags(answer) == {
        "eks-cluster-arn": pods.cluster.describe()["arn"],
        "eks-cluster-name": pods.cluster.name,
        "kubernetes-namespace": "dev",
        "kubernetes-service-account": "app",
        "kubernetes-pod-name": "app-1",
        "kubernetes-pod-uid": "0001",
    }


def test_its_credentials_survive_a_kill(account: Any, pods: Pods) -> None:
    answer = pods.ask()
    account.restart()

    assert pods.session("sts", answer).get_caller_identity()["Arn"] == answer["assumedRoleUser"]["arn"]


def test_an_association_may_lead_to_another_role(account: Any, pods: Pods) -> None:
    target = account.role("pods.eks.amazonaws.com")
    policy = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    )
    pods.associate(
        serviceAccount="other", roleArn=pods.role, targetRoleArn=target, disableSessionTags=True, policy=policy
    )
    pod = {"namespace": "dev", "serviceaccount": {"name": "other"}, "pod": {"name": "other-1", "uid": "2"}}
    answer = pods.ask(pods.token(**{"kubernetes.io": pod}))

    assert f":assumed-role/{target.rpartition('/')[2]}/" in answer["assumedRoleUser"]["arn"]
    assert pods.tags(answer) == {}
    account.client("iam").delete_role(RoleName=target.rpartition("/")[2])
    assert pods.refused(pods.token(**{"kubernetes.io": pod})).startswith("AccessDeniedException")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"aud": ["sts.amazonaws.com"]}, "InvalidTokenException: The token is not of a pod of this cluster"),
        ({"kubernetes.io": {}}, "InvalidTokenException: The token is not of a pod of this cluster"),
        ({"iss": "https://elsewhere"}, "InvalidTokenException"),
        ({"exp": 1}, "ExpiredTokenException"),
        (
            {"kubernetes.io": {"namespace": "dev", "serviceaccount": {"name": "b"}, "pod": {"name": "b", "uid": "1"}}},
            "ResourceNotFoundException: No association found for dev/b",
        ),
    ],
)
def test_any_other_token_is_refused(pods: Pods, changed: dict[str, Any], told: str) -> None:
    assert pods.refused(pods.token(**changed)).startswith(told)


def test_a_token_that_was_changed_is_refused(pods: Pods) -> None:
    head, _, signature = pods.token().rpartition(".")

    assert pods.refused(f"{head}.{signature[::-1]}").startswith("InvalidTokenException")
    assert pods.refused("a.b.c").startswith("InvalidTokenException")


def test_a_token_of_another_cluster_is_refused(pods: Pods, make_cluster: Any) -> None:
    other = make_cluster().describe()["identity"]["oidc"]["issuer"]

    assert "not of a pod of this cluster" in pods.refused(pods.token(iss=other))


def test_a_role_that_does_not_trust_pods_any_more_is_not_given(pods: Pods) -> None:
    service = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    name = pods.role.rpartition("/")[2]
    pods.iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps({"Statement": [service]}))

    assert pods.refused(pods.token()).startswith("AccessDeniedException")


def test_a_cluster_that_is_not_there_has_no_pods(account: Any, pods: Pods) -> None:
    parameters = {"clusterName": "nowhere", "token": pods.token()}

    told = account.refusal("eks-auth", "assume_role_for_pod_identity", **parameters)
    assert told == "ResourceNotFoundException: No cluster found for name: nowhere."
    status, _, _ = account.ask("POST", "/elsewhere", headers=_signed_for("eks-auth"))
    assert status >= 400


def _signed_for(service: str) -> dict[str, str]:
    credential = f"test/20260101/us-east-2/{service}/aws4_request"
    return {"authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"}


def test_only_who_may_asks(account: Any, pods: Pods) -> None:
    allowed = {
        "Effect": "Allow",
        "Action": "eks-auth:AssumeRoleForPodIdentity",
        "Resource": pods.cluster.describe()["arn"],
    }
    parameters = {"clusterName": pods.cluster.name, "token": pods.token()}
    node = account.client("eks-auth", account.user(allowed))

    assert node.assume_role_for_pod_identity(**parameters)["credentials"]
    stranger = account.user()
    told = account.refusal("eks-auth", "assume_role_for_pod_identity", stranger, **parameters)
    assert told.startswith("AccessDeniedException")
    told = account.refusal("eks-auth", "assume_role_for_pod_identity", (stranger[0], "wrong"), **parameters)
    assert told.startswith("SignatureDoesNotMatch") or "ignature" in told
