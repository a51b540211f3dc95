import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.iam import (
    cluster,
    cluster_autoscaler,
    ebs_csi,
    flow_logs,
    irsa_demo,
    load_balancer_controller,
    node,
    trust,
    vpc_cni,
)
from seatrial.iam.account import Account
from seatrial.iam.document import Document, text

ISSUER = "oidc.eks.us-east-2.amazonaws.com/id/EXAMPLE"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"

WORDS = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)


@pytest.mark.parametrize(
    ("document", "subject"),
    [
        (vpc_cni.trust_document(PROVIDER, ISSUER), "system:serviceaccount:kube-system:aws-node"),
        (ebs_csi.trust_document(PROVIDER, ISSUER), "system:serviceaccount:kube-system:ebs-csi-controller-sa"),
        (
            cluster_autoscaler.trust_document(PROVIDER, ISSUER),
            "system:serviceaccount:kube-system:cluster-autoscaler",
        ),
        (
            load_balancer_controller.trust_document(PROVIDER, ISSUER),
            "system:serviceaccount:kube-system:aws-load-balancer-controller",
        ),
        (irsa_demo.trust_document(PROVIDER, ISSUER, "team"), "system:serviceaccount:team:irsa-demo-sa"),
    ],
    ids=["vpc-cni", "ebs-csi", "autoscaler", "load balancers", "demo"],
)
def test_a_role_trusts_exactly_its_service_account(document: Document, subject: str) -> None:
    assert document["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Federated": PROVIDER},
            "Action": ["sts:AssumeRoleWithWebIdentity"],
            "Condition": {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": subject}},
        },
    ]


@given(namespace=WORDS, name=WORDS)
def test_the_scheme_of_the_issuer_changes_nothing(namespace: str, name: str) -> None:
    bare = trust.service_account(PROVIDER, ISSUER, namespace, name)
    with_scheme = trust.service_account(PROVIDER, f"https://{ISSUER}", namespace, name)

    assert bare == with_scheme
    assert "https://" not in text(with_scheme)


@given(first=st.tuples(WORDS, WORDS), second=st.tuples(WORDS, WORDS))
def test_two_service_accounts_never_share_a_trust(first: tuple[str, str], second: tuple[str, str]) -> None:
    same = trust.service_account(PROVIDER, ISSUER, *first) == trust.service_account(PROVIDER, ISSUER, *second)

    assert same == (first == second)


def test_no_trust_of_a_service_account_uses_a_pattern() -> None:
    written = text(trust.service_account(PROVIDER, ISSUER, "dev", "app"))

    assert "StringLike" not in written
    assert "*" not in written


def test_the_control_plane_is_trusted_for_its_own_cluster_only(account: Account) -> None:
    (statement,) = cluster.trust_document(account, "eks-cluster-dev")["Statement"]

    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "eks.amazonaws.com"},
        "Action": ["sts:AssumeRole"],
        "Condition": {
            "ArnLike": {"aws:SourceArn": "arn:aws:eks:us-east-2:123456789012:cluster/eks-cluster-dev"},
            "StringEquals": {"aws:SourceAccount": "123456789012"},
        },
    }


def test_flow_logs_are_trusted_for_this_account_only(account: Account) -> None:
    (statement,) = flow_logs.trust_document(account)["Statement"]

    assert statement.get("Principal") == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement.get("Condition") == {
        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:us-east-2:123456789012:vpc-flow-log/*"},
        "StringEquals": {"aws:SourceAccount": "123456789012"},
    }


def test_nodes_are_trusted_through_ec2_without_a_condition() -> None:
    (statement,) = node.trust_document()["Statement"]

    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": ["sts:AssumeRole"],
    }
