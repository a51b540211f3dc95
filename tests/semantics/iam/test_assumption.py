"""Who may assume a role: users, services, bearers of tokens, pods."""

import pytest

from seatrial.iam import trust
from seatrial.semantics import iam
from seatrial.semantics.iam import Association, Kind, Policies, Provider, callers

OWN, OTHER = "111122223333", "444455556666"
ROLE_ARN = f"arn:aws:iam::{OWN}:role/worker"
ISSUER = "oidc.eks.us-east-2.amazonaws.com/id/ABC"
PROVIDER = Provider(arn=f"arn:aws:iam::{OWN}:oidc-provider/{ISSUER}", client_ids=("sts.amazonaws.com",))
CLUSTER = f"arn:aws:eks:us-east-2:{OWN}:cluster/dev"
USER = callers.user(f"arn:aws:iam::{OWN}:user/ann")
MAY = iam.policy({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ROLE_ARN}}, "may")


def _role(principal: object, *actions: str, **more: object) -> iam.Role:
    statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions or ("sts:AssumeRole",)), **more}
    document = {"Version": "2012-10-17", "Statement": statement}
    return iam.Role(arn=ROLE_ARN, trust=iam.policy(document, "trust", Kind.TRUST))


def _irsa(condition: object, provider: str = PROVIDER.arn) -> iam.Role:
    return _role({"Federated": provider}, "sts:AssumeRoleWithWebIdentity", Condition=condition)


@pytest.mark.parametrize(
    ("principal", "policies", "allowed"),
    [
        ({"AWS": OWN}, Policies(identity=(MAY,)), True),
        ({"AWS": OWN}, Policies(), False),
        ({"AWS": USER.name}, Policies(), True),
        ({"AWS": OTHER}, Policies(identity=(MAY,)), False),
        ({"Service": "ec2.amazonaws.com"}, Policies(identity=(MAY,)), False),
    ],
    ids=["account and own policy", "account alone", "by name", "another account", "a service"],
)
def test_a_user_needs_the_trust_and_unless_named_its_own_policy(
    principal: object, policies: Policies, allowed: bool
) -> None:
    assert iam.assume(_role(principal), USER, policies=policies).is_allowed is allowed


def test_across_accounts_both_have_to_allow() -> None:
    stranger = callers.role_session(f"arn:aws:iam::{OTHER}:role/x")

    for principal in (OTHER, stranger.name, stranger.role_arn):
        role = _role({"AWS": principal})
        assert not iam.assume(role, stranger).is_allowed
        assert iam.assume(role, stranger, policies=Policies(identity=(MAY,))).is_allowed


@pytest.mark.parametrize(
    ("context", "allowed"),
    [
        ({"aws:SourceArn": CLUSTER, "aws:SourceAccount": OWN}, True),
        ({"aws:SourceArn": f"{CLUSTER}2", "aws:SourceAccount": OWN}, False),
        ({"aws:SourceArn": CLUSTER, "aws:SourceAccount": OTHER}, False),
        ({}, False),
    ],
)
def test_a_service_is_held_to_what_it_acts_for(context: dict[str, str], allowed: bool) -> None:
    condition = {"ArnLike": {"aws:SourceArn": CLUSTER}, "StringEquals": {"aws:SourceAccount": OWN}}
    role = _role({"Service": "eks.amazonaws.com"}, Condition=condition)

    assert iam.assume(role, callers.service("eks.amazonaws.com"), context).is_allowed is allowed
    assert not iam.assume(role, callers.service("ec2.amazonaws.com"), context).is_allowed


def test_the_platforms_own_trust_lets_in_one_service_account() -> None:
    document = trust.service_account(PROVIDER.arn, f"https://{ISSUER}", "kube-system", "aws-node")
    role = iam.Role(arn=ROLE_ARN, trust=iam.policy(dict(document), "trust", Kind.TRUST))

    assert iam.assume_by_service_account(role, PROVIDER, "kube-system", "aws-node").is_allowed
    for namespace, name in (("kube-system", "other"), ("other", "aws-node"), ("kube-system", "aws-node2")):
        found = iam.assume_by_service_account(role, PROVIDER, namespace, name)
        assert found.lacking == ("the role's trust policy",)
        [unmet] = [unmet for miss in found.misses for unmet in miss.unmet]
        assert str(unmet.condition) == f"StringEquals {ISSUER}:sub 'system:serviceaccount:kube-system:aws-node'"
        assert unmet.found == (f"system:serviceaccount:{namespace}:{name}",)


@pytest.mark.parametrize(
    ("condition", "subject", "allowed"),
    [
        ({"StringLike": {f"{ISSUER}:sub": "system:serviceaccount:shop:*"}}, "system:serviceaccount:shop:web", True),
        ({"StringLike": {f"{ISSUER}:sub": "system:serviceaccount:shop:*"}}, "system:serviceaccount:shop2:web", False),
        ({"StringEquals": {f"{ISSUER}:sub": "system:serviceaccount:shop:*"}}, "system:serviceaccount:shop:web", False),
        ({"StringEquals": {f"{ISSUER.upper()}:SUB": "a"}}, "a", True),
        ({"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"}}, "anybody", True),
        ({"StringEquals": {"oidc.eks.us-east-2.amazonaws.com/id/XYZ:sub": "a"}}, "a", False),
        ({"StringEquals": {f"{ISSUER}:nonce": "1"}}, "a", False),
    ],
)
def test_a_token_is_held_to_its_claims(condition: object, subject: str, allowed: bool) -> None:
    claims = {"sub": subject, "aud": "sts.amazonaws.com", "nonce": "1"}

    assert iam.assume_by_token(_irsa(condition), PROVIDER, claims).is_allowed is allowed


def test_a_token_of_another_provider_is_nobodys() -> None:
    role = _irsa({}, provider=PROVIDER.arn.replace("ABC", "XYZ"))

    assert not iam.assume_by_service_account(role, PROVIDER, "a", "b").is_allowed


@pytest.mark.parametrize(
    ("audience", "allowed"),
    [("sts.amazonaws.com", True), (["vault", "sts.amazonaws.com"], True), ("vault", False), ([], False)],
)
def test_the_provider_takes_tokens_for_its_audiences_only(audience: str | list[str], allowed: bool) -> None:
    role = _irsa({"ForAnyValue:StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"}})
    found = iam.assume_by_token(role, PROVIDER, {"sub": "a", "aud": audience})

    assert found.is_allowed is allowed
    assert allowed or found.lacking == ("the identity provider, which takes sts.amazonaws.com",)


def test_a_provider_without_audiences_takes_no_token() -> None:
    provider = Provider(arn=PROVIDER.arn, client_ids=())

    found = iam.assume_by_service_account(_irsa({}), provider, "a", "b")

    assert found.lacking == ("the identity provider, which takes no audience",)


PODS = {"Service": "pods.eks.amazonaws.com"}
BOTH = ("sts:AssumeRole", "sts:TagSession")


def _association(**more: bool | str) -> Association:
    return Association(cluster_arn=CLUSTER, namespace="shop", service_account="web", **more)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({}, True),
        ({"StringEquals": {"aws:RequestTag/kubernetes-namespace": "shop"}}, True),
        ({"StringEquals": {"aws:RequestTag/kubernetes-service-account": "other"}}, False),
        ({"StringEquals": {"aws:RequestTag/eks-cluster-name": "dev"}}, True),
        ({"ArnEquals": {"aws:SourceArn": CLUSTER}, "StringEquals": {"aws:SourceAccount": OWN}}, True),
        ({"ArnEquals": {"aws:SourceArn": f"{CLUSTER}2"}}, False),
        ({"ForAllValues:StringLike": {"sts:TransitiveTagKeys": ["kubernetes-*", "eks-*"]}}, True),
    ],
)
def test_pod_identity_is_held_to_its_pod(condition: object, allowed: bool) -> None:
    role = _role(PODS, *BOTH, Condition=condition)

    assert iam.assume_by_pod_identity(role, _association()).is_allowed is allowed


@pytest.mark.parametrize(
    ("actions", "has_tags", "allowed"),
    [
        (BOTH, True, True),
        (("sts:AssumeRole",), True, False),
        (("sts:TagSession",), True, False),
        (("sts:AssumeRole",), False, True),
    ],
)
def test_pod_identity_has_to_tag_the_session_too(actions: tuple[str, ...], has_tags: bool, allowed: bool) -> None:
    found = iam.assume_by_pod_identity(_role(PODS, *actions), _association(has_tags=has_tags))

    assert found.is_allowed is allowed
    assert [each.title for each in found.deciding] == (["trust, statement 1"] if allowed else [])


def test_a_trust_of_nodes_lets_no_pod_in() -> None:
    role = _role({"Service": "ec2.amazonaws.com"}, *BOTH)

    assert not iam.assume_by_pod_identity(role, _association()).is_allowed
