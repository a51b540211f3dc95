"""Who a cluster's tokens come from, and who its users are."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from seatrial.rehearsal.account.eks import oidc

if TYPE_CHECKING:
    from conftest import Stage

VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


def get(stage: Stage, path: str) -> tuple[int, Any]:
    status, _, content = stage.account.ask("GET", path)
    return status, json.loads(content)


def issuer(stage: Stage) -> str:
    return stage.cluster()["identity"]["oidc"]["issuer"]


def path(stage: Stage) -> str:
    return issuer(stage).removeprefix("https://localhost:4566")


def test_the_issuer_says_where_its_keys_are(cluster: Stage) -> None:
    status, document = get(cluster, f"{path(cluster)}/.well-known/openid-configuration")

    assert status == 200
    assert document["issuer"] == issuer(cluster)
    assert document["jwks_uri"] == f"{issuer(cluster)}/keys"
    assert document["id_token_signing_alg_values_supported"] == ["RS256"]


def number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def der(key: rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_a_token_is_verified_by_the_published_key(cluster: Stage) -> None:
    (key,) = get(cluster, f"{path(cluster)}/keys")[1]["keys"]
    private = serialization.load_pem_private_key(oidc.signing_key(cluster.account.eks.state).encode(), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    signature = private.sign(b"claims", padding.PKCS1v15(), hashes.SHA256())
    public = rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()

    public.verify(signature, b"claims", padding.PKCS1v15(), hashes.SHA256())
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
    content = base64.urlsafe_b64decode(key["kid"] + "=")
    assert content == hashlib.sha256(der(private.public_key())).digest()


def test_the_keys_stay_the_same_across_a_restart(cluster: Stage) -> None:
    where = f"{path(cluster)}/keys"
    before = get(cluster, where)
    cluster.account.restart()

    assert get(cluster, where) == before


@pytest.mark.parametrize("page", ["keys", ".well-known/openid-configuration"])
def test_a_cluster_that_is_gone_has_no_issuer(cluster: Stage, page: str) -> None:
    where = path(cluster)
    cluster.call("delete_cluster")
    cluster.wait()
    cluster.eks.list_clusters()

    assert get(cluster, f"{where}/{page}")[0] != 200
    assert get(cluster, f"/oidc/id/ABC/{page}")[0] != 200


def token(credentials: tuple[str, str], cluster: str) -> str:
    """Make what ``aws eks get-token`` gives."""
    url = "https://sts.us-east-2.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
    request: Any = AWSRequest("GET", url, {"x-k8s-aws-id": cluster})
    signer: Any = SigV4QueryAuth(Credentials(*credentials), "sts", "us-east-2", 60)
    signer.add_auth(request)
    return "k8s-aws-v1." + base64.urlsafe_b64encode(request.url.encode()).decode().rstrip("=")


def review(stage: Stage, credentials: tuple[str, str]) -> dict[str, Any]:
    """Ask the cluster's webhook who somebody is."""
    where = webhook(stage)
    return asked(stage, where, credentials)


def webhook(stage: Stage) -> str:
    (record,) = stage.account.eks.state.clusters.values()
    return f"/_ministack/eks-auth/000000000000/us-east-2/it/{record['_token']}"


def asked(stage: Stage, where: str, credentials: tuple[str, str]) -> dict[str, Any]:
    document = {"kind": "TokenReview", "spec": {"token": token(credentials, "it")}}
    status, _, content = stage.account.ask("POST", where, body=json.dumps(document).encode())
    assert status == 200
    return json.loads(content)["status"]


def test_a_user_is_known_to_the_cluster_by_the_access_entry(cluster: Stage) -> None:
    somebody = cluster.account.user()
    (arn,) = [user["Arn"] for user in cluster.iam.list_users()["Users"]]
    assert review(cluster, somebody) == {"authenticated": False}

    cluster.call("create_access_entry", principalArn=arn, kubernetesGroups=["team-a"], username="me")
    cluster.call("associate_access_policy", principalArn=arn, policyArn=VIEW, accessScope={"type": "cluster"})
    known = review(cluster, somebody)
    assert known["authenticated"] is True
    assert known["user"]["username"] == "me"
    assert "team-a" in known["user"]["groups"]
    associated = len(known["user"]["groups"])

    cluster.call("disassociate_access_policy", principalArn=arn, policyArn=VIEW)
    assert len(review(cluster, somebody)["user"]["groups"]) == associated - 1
    cluster.account.restart()
    assert review(cluster, somebody)["user"]["username"] == "me"
    cluster.call("delete_access_entry", principalArn=arn)
    assert review(cluster, somebody) == {"authenticated": False}


def test_nobody_is_known_to_a_cluster_that_is_gone(cluster: Stage) -> None:
    somebody, where = cluster.account.user(), webhook(cluster)
    (arn,) = [user["Arn"] for user in cluster.iam.list_users()["Users"]]
    cluster.call("create_access_entry", principalArn=arn)
    assert asked(cluster, where, somebody)["authenticated"] is True

    cluster.call("delete_cluster")
    cluster.wait()
    cluster.iam.list_users()
    assert asked(cluster, where, somebody) == {"authenticated": False}
