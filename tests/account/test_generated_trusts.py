"""The account's STS decides about generated trust policies; the evaluator says the same."""

import base64
import json
import random
import time
from collections import Counter
from typing import Any, Final, cast

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from seatrial.rehearsal.account.eks import oidc
from seatrial.semantics import iam
from seatrial.semantics.iam import Kind, Policies, callers

pytestmark = pytest.mark.rehearsal

Json = dict[str, Any]

ACCOUNT: Final = "000000000000"
TRUSTS: Final = 60
SUBJECTS: Final = [f"system:serviceaccount:{place}:{name}" for place in ("a", "ab") for name in ("x", "xy")]
AUDIENCES: Final = ["sts.amazonaws.com", "other"]


class Dice:
    """Makes trust policies by chance, the same ones for the same seed."""

    def __init__(self, seed: int, provider: iam.Provider, users: list[str]) -> None:
        self._random = random.Random(seed)  # noqa: S311 (no secret)
        self._provider, self._users = provider, users

    def trust(self) -> Json:
        statements = [self._statement() for _ in range(self._random.randint(1, 3))]
        return {"Version": "2012-10-17", "Statement": statements}

    def tokens(self) -> list[tuple[str, str]]:
        return [(subject, self._random.choice(AUDIENCES)) for subject in self._random.sample(SUBJECTS, 2)]

    def _statement(self) -> Json:
        one = self._random
        effect = one.choice(["Allow", "Allow", "Allow", "Deny"])
        if one.random() < 0.5:
            return {"Effect": effect, **self._of_tokens()}
        principals = [
            {"AWS": self._users},
            {"AWS": self._users[0]},
            {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            {"AWS": "111122223333"},
            {"Service": "ec2.amazonaws.com"},
        ]
        name = self._users[0].rpartition("/")[2]
        condition = {one.choice(["StringEquals", "StringNotEquals"]): {"aws:username": name}}
        return {
            "Effect": effect,
            "Principal": one.choice(principals),
            "Action": one.choice(["sts:AssumeRole", "sts:*", "sts:TagSession"]),
            **({"Condition": condition} if one.random() < 0.3 else {}),
        }

    def _of_tokens(self) -> Json:
        one = self._random
        issuer = self._provider.issuer
        patterns = ["system:serviceaccount:a:x", "system:serviceaccount:a:*", "system:serviceaccount:?b:x", "*"]
        operator = one.choice(
            ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "ForAnyValue:StringLike"]
        )
        condition: Json = {operator: {f"{issuer}:sub": one.sample(patterns, one.randint(1, 2))}}
        if one.random() < 0.5:
            condition["StringEqualsIfExists"] = {f"{issuer}:aud": one.choice(AUDIENCES)}
        return {
            "Principal": {"Federated": one.choice([self._provider.arn, self._provider.arn, f"{self._provider.arn}2"])},
            "Action": one.choice(["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"]),
            **({"Condition": condition} if one.random() < 0.9 else {}),
        }


class Door:
    """A role with changing trust policies, and those who would like to assume it."""

    def __init__(self, account: Any, cluster: Any) -> None:
        self._account, self._iam = account, account.client("iam")
        self._issuer = cluster.describe()["identity"]["oidc"]["issuer"]
        provider = self._iam.create_open_id_connect_provider(
            Url=self._issuer, ClientIDList=AUDIENCES, ThumbprintList=["0" * 40]
        )
        self.provider = iam.Provider(arn=provider["OpenIDConnectProviderArn"], client_ids=tuple(AUDIENCES))
        # One whose own policies allow it, and one who needs to be named.
        allowing = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
        self._keys = {self._arn(keys): (keys, own) for own in ([allowing], []) for keys in [account.user(*own)]}
        self.users = [*self._keys]
        self.role = account.role("ec2.amazonaws.com")

    def _arn(self, keys: tuple[str, str]) -> str:
        return self._account.client("sts", keys).get_caller_identity()["Arn"]

    def change(self, trust: Json) -> None:
        name = self.role.rpartition("/")[2]
        self._iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))

    def opens_to_token(self, subject: str, audience: str) -> bool:
        now = int(time.time())
        claims = {"iss": self._issuer, "sub": subject, "aud": [audience], "iat": now, "nbf": now, "exp": now + 3600}
        token = self._signed(claims)
        return self._is_let(self._account.client("sts").assume_role_with_web_identity, WebIdentityToken=token)

    def opens_to_user(self, arn: str) -> bool:
        return self._is_let(self._account.client("sts", self._keys[arn][0]).assume_role)

    def policies(self, arn: str) -> Policies:
        """Give a user's own policies, as the evaluator takes them."""
        own = self._keys[arn][1]
        return Policies(identity=(iam.policy({"Version": "2012-10-17", "Statement": own}, "own"),) if own else ())

    def _is_let(self, assume: Any, **parameters: str) -> bool:
        try:
            assume(RoleArn=self.role, RoleSessionName="it", **parameters)
        except ClientError as fault:
            refused: Any = fault
            if refused.response["Error"]["Code"] != "AccessDenied":
                raise
            return False
        return True

    def _signed(self, claims: Json) -> str:
        pem = oidc.signing_key(self._account.eks.state).encode()
        key = cast("rsa.RSAPrivateKey", serialization.load_pem_private_key(pem, None))
        text = ".".join(_encoded(json.dumps(part).encode()) for part in ({"alg": "RS256"}, claims))
        return f"{text}.{_encoded(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.fixture
def door(account: Any, cluster: Any) -> Door:
    return Door(account, cluster)


def test_the_account_lets_in_whom_the_evaluator_would(door: Door) -> None:
    outcomes: Counter[tuple[str, bool]] = Counter()
    for seed in range(TRUSTS):
        dice = Dice(seed, door.provider, door.users)
        trust = dice.trust()
        door.change(trust)
        role = iam.Role(arn=door.role, trust=iam.policy(trust, "trust", Kind.TRUST))

        for subject, audience in dice.tokens():
            found = iam.assume_by_token(role, door.provider, {"sub": subject, "aud": audience}).is_allowed
            assert door.opens_to_token(subject, audience) is found, f"{subject} for {audience}: {trust}"
            outcomes["token", found] += 1
        for user in door.users:
            found = iam.assume(role, callers.user(user), policies=door.policies(user)).is_allowed
            said = door.opens_to_user(user)
            if found and not door.policies(user).identity:
                # On AWS it is enough that the role's trust policy names a user of its own account.
                assert not said, "the account lets in who has no policy of its own: no disagreement any more"
                outcomes["user named alone", found] += 1
                continue
            assert said is found, f"{user}: {trust}"
            outcomes["user", found] += 1

    print(f"{dict(outcomes)}")  # noqa: T201 (what was compared)
    # Every answer is frequent enough to mean something.
    assert len(outcomes) == 5
    assert min(outcomes.values()) > TRUSTS / 15
