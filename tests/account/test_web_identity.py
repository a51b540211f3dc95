"""IRSA: a service account's token becomes credentials of its role, and only such a token does."""

import base64
import json
import time
from typing import Any, cast

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from seatrial.rehearsal.account.eks import oidc

SUBJECT = "system:serviceaccount:dev:demo"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(account: Any, claims: Any, pem: str = "", **header: Any) -> str:
    """Sign as the cluster does, or with another key."""
    given = pem or oidc.signing_key(account.eks.state)
    key = cast(rsa.RSAPrivateKey, serialization.load_pem_private_key(given.encode(), None))
    parts = ({"alg": "RS256", **header}, claims)
    text = ".".join(encoded(json.dumps(part).encode()) for part in parts)
    return f"{text}.{encoded(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


class Identity:
    """A role for a service account of a cluster."""

    def __init__(self, account: Any, cluster: Any) -> None:
        self.account, self.cluster, self.iam = account, cluster, account.client("iam")
        self.issuer = cluster.describe()["identity"]["oidc"]["issuer"]
        path = self.issuer.removeprefix("https://")
        self.provider = self.iam.create_open_id_connect_provider(
            Url=self.issuer, ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
        )["OpenIDConnectProviderArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": self.provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{path}:sub": SUBJECT, f"{path}:aud": "sts.amazonaws.com"}},
        }
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.role = self.iam.create_role(RoleName=account.name("irsa"), AssumeRolePolicyDocument=trust)["Role"]

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": SUBJECT, "aud": ["sts.amazonaws.com"]}
        return {**claims, "iat": now, "nbf": now, "exp": now + 3600, **changed}

    def assume(self, token: str) -> Any:
        sts = self.account.client("sts")
        return sts.assume_role_with_web_identity(
            RoleArn=self.role["Arn"], RoleSessionName="pod", WebIdentityToken=token
        )

    def refused(self, token: str) -> str:
        parameters = {"RoleArn": self.role["Arn"], "RoleSessionName": "pod", "WebIdentityToken": token}
        return self.account.refusal("sts", "assume_role_with_web_identity", **parameters)


@pytest.fixture
def identity(account: Any, cluster: Any) -> Identity:
    return Identity(account, cluster)


def test_a_token_of_the_cluster_becomes_credentials_of_the_role(account: Any, identity: Identity) -> None:
    answer = identity.assume(signed(account, identity.claims()))

    given = answer["Credentials"]
    credentials = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    caller = account.client("sts", credentials).get_caller_identity()["Arn"]
    assert caller.endswith(f":assumed-role/{identity.role['RoleName']}/pod")
    assert answer["SubjectFromWebIdentityToken"] == SUBJECT
    assert answer["Audience"] == "sts.amazonaws.com"
    assert answer["Provider"] == identity.issuer


def test_no_credentials_are_needed_to_ask(account: Any, identity: Identity) -> None:
    sts = account.session.client("sts", region_name="us-east-2", config=Config(signature_version=UNSIGNED))
    sts.meta.events.register("before-send", account._send)
    token = signed(account, identity.claims())

    given = sts.assume_role_with_web_identity(
        RoleArn=identity.role["Arn"], RoleSessionName="pod", WebIdentityToken=token
    )

    assert given["Credentials"]["AccessKeyId"]


def test_one_audience_may_be_a_text(account: Any, identity: Identity) -> None:
    assert identity.assume(signed(account, identity.claims(aud="sts.amazonaws.com")))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sub": "system:serviceaccount:dev:other"}, "AccessDenied: Not authorized to perform"),
        ({"sub": "system:serviceaccount:prod:demo"}, "AccessDenied: Not authorized to perform"),
        ({"aud": ["https://kubernetes.default.svc"]}, "InvalidIdentityToken: Incorrect token audience"),
        ({"aud": ["sts.amazonaws.com", "other"]}, "AccessDenied: Not authorized to perform"),
        ({"exp": 1}, "ExpiredTokenException: Token expired: current date/time"),
        ({"exp": "soon"}, "InvalidIdentityToken: The ID Token provided is not a valid JWT"),
        ({"exp": True}, "InvalidIdentityToken: The ID Token provided is not a valid JWT"),
        ({"nbf": 10**11}, "InvalidIdentityToken: The web identity token that was passed could not be validated"),
        ({"iat": 10**11}, "InvalidIdentityToken: The web identity token that was passed could not be validated"),
        ({"iat": "now"}, "InvalidIdentityToken: The ID Token provided is not a valid JWT"),
        ({"iss": "https://elsewhere"}, "InvalidIdentityToken: No OpenIDConnect provider found in your account for"),
    ],
)
def test_a_token_of_something_else_is_refused(
    account: Any, identity: Identity, changed: dict[str, Any], told: str
) -> None:
    assert identity.refused(signed(account, identity.claims(**changed))).startswith(told)


def test_a_token_that_somebody_else_signed_is_refused(account: Any, identity: Identity) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    assert "could not be validated" in identity.refused(signed(account, identity.claims(), pem.decode()))


def test_a_token_without_signature_is_refused(account: Any, identity: Identity) -> None:
    token = signed(account, identity.claims(), alg="none")

    assert "could not be validated" in identity.refused(token)
    assert "not a valid JWT" in identity.refused("abc.def")
    assert "not a valid JWT" in identity.refused(signed(account, ["claims"]))


def test_keys_of_another_issuer_are_not_known(account: Any, identity: Identity) -> None:
    elsewhere = f"https://{account.name('issuer')}.example"
    identity.iam.create_open_id_connect_provider(
        Url=elsewhere, ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
    )

    told = identity.refused(signed(account, identity.claims(iss=elsewhere)))

    assert told.startswith("InvalidIdentityToken: Couldn't retrieve verification key")


def test_a_provider_that_is_gone_admits_nobody(account: Any, identity: Identity) -> None:
    identity.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=identity.provider)

    assert "No OpenIDConnect provider found" in identity.refused(signed(account, identity.claims()))
