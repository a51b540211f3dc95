"""Who a cluster's tokens come from."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from seatrial.rehearsal.account.eks import oidc

if TYPE_CHECKING:
    from conftest import Stage


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
