"""``seatrial explain``: answers, exit codes, and what it says of questions that make no sense."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from seatrial import plan
from seatrial.cli import __main__
from seatrial.plan import Plan, Properties, Resource, lazy_sdk

ACCOUNT = "111122223333"
ISSUER = "oidc.eks.us-east-2.amazonaws.com/id/ABC"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
WEB, POD, LIMIT = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("web-role", "pod-role", "limited-role"))
OWN = f"arn:aws:iam::{ACCOUNT}:policy/own"
KEY = f"arn:aws:kms:us-east-2:{ACCOUNT}:key/1"
CLUSTER = f"arn:aws:eks:us-east-2:{ACCOUNT}:cluster/dev"

STACK = """
config:
  seatrial:platform:
    environment: dev
    environmentSuffix: dev
    owner: team
    costCenter: cc
    kubernetes: {enabled: false}
"""

Run = Callable[..., tuple[int, list[str], str]]
"""Exit code, lines of stdout, stderr."""


def _document(*statements: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _resource(kind: str, title: str, arn: str = "", /, **inputs: object) -> Resource:
    outputs = cast("Properties", {**inputs, "arn": arn} if arn else inputs)
    return Resource(
        urn=f"urn:{kind}::{title}", type=kind, name=title, inputs=cast("Properties", inputs), outputs=outputs
    )


def _trust(principal: dict[str, str], *actions: str, **condition: object) -> str:
    return _document({"Effect": "Allow", "Principal": principal, "Action": list(actions), "Condition": condition})


def _role(arn: str, trust: str, /, **inputs: object) -> Resource:
    name = arn.rpartition("/")[2]
    return _resource("aws:iam/role:Role", f"the-{name}", arn, name=name, assumeRolePolicy=trust, **inputs)


ALLOW: dict[str, object] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TOKENS = _trust(
    {"Federated": PROVIDER},
    "sts:AssumeRoleWithWebIdentity",
    StringEquals={f"{ISSUER}:sub": "system:serviceaccount:shop:web"},
)
PODS = _trust({"Service": "pods.eks.amazonaws.com"}, "sts:AssumeRole", "sts:TagSession")
READ_ONLY = _document({**ALLOW, "Action": "s3:Get*"})
SAME_TEAM = {"StringEquals": {"x:ResourceTag/team": "${aws:PrincipalTag/team}"}}
KEYS = _document(
    {"Effect": "Allow", "Action": "kms:*", "Resource": KEY},
    {**ALLOW, "Action": "x:Tagged", "Condition": SAME_TEAM},
    {**ALLOW, "Action": "x:Here", "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-2"}}},
    {**ALLOW, "Action": "x:Many", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}},
)

IDENTITY = (
    _role(WEB, TOKENS, tags={"team": "shop"}),
    _role(POD, PODS),
    _role(LIMIT, PODS, permissionsBoundary=OWN),
    _resource("aws:iam/policy:Policy", "own", OWN, name="own", policy=READ_ONLY),
    _resource("aws:iam/rolePolicy:RolePolicy", "inline", name="inline", role="limited-role", policy=_document(ALLOW)),
    _resource("aws:iam/rolePolicy:RolePolicy", "keys", name="keys", role="web-role", policy=KEYS),
    _resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", role="pod-role", policyArn=OWN),
    _resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "b",
        role="pod-role",
        policyArn="arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
    ),
)
CLUSTERS = (
    _resource("aws:eks/cluster:Cluster", "cluster", CLUSTER, name="dev"),
    _resource(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "association",
        clusterName="dev",
        namespace="shop",
        serviceAccount="web",
        roleArn=POD,
    ),
)
OTHERS = (
    _resource(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "oidc", PROVIDER, clientIdLists=("sts.amazonaws.com",)
    ),
    _resource(
        "aws:kms/key:Key",
        "the-key",
        KEY,
        tags={"team": "shop"},
        policy=_document({**ALLOW, "Principal": {"AWS": ACCOUNT}, "Condition": {"Bool": {"x:open": "true"}}}),
    ),
)


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    return tmp_path


@pytest.fixture(name="run")
def _run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], project: Path) -> Run:
    """Run the command on a plan of the given resources; of those above when none are given."""
    monkeypatch.setattr(lazy_sdk, "install", lambda: None)
    monkeypatch.chdir(project)

    def run(
        *arguments: str, resources: tuple[Resource, ...] = (*IDENTITY, *CLUSTERS, *OTHERS)
    ) -> tuple[int, list[str], str]:
        def planned(*_: object, **_options: object) -> Plan:
            return Plan(project="shop", stack="dev", resources=resources)

        monkeypatch.setattr(plan, "of_platform", planned)
        monkeypatch.setattr(sys, "argv", ["seatrial", "explain", *arguments])
        with pytest.raises(SystemExit) as caught:
            __main__.main()
        captured = capsys.readouterr()
        return int(caught.value.code or 0), captured.out.splitlines(), captured.err

    return run


@pytest.mark.parametrize("role", ["web-role", "the-web-role", WEB])
def test_a_service_account_that_is_trusted_may_assume_the_role(run: Run, role: str) -> None:
    assert run("assume", "shop:web", role)[:2] == (
        0,
        ["shop:web as web-role: allowed", "  with its token: allowed", "    by trust of web-role, statement 1"],
    )


def test_one_that_is_not_trusted_learns_what_stands_in_its_way(run: Run) -> None:
    assert run("assume", "shop:db", "web-role")[:2] == (
        1,
        [
            "shop:db as web-role: not allowed",
            "  with its token: not allowed by any statement",
            "    lacking: the role's trust policy",
            "    near: trust of web-role, statement 1",
            f"      StringEquals {ISSUER}:sub 'system:serviceaccount:shop:web'; found 'system:serviceaccount:shop:db'",
        ],
    )


def test_pod_identity_is_a_way_too_where_an_association_says_so(run: Run) -> None:
    code, lines, _ = run("assume", "shop:web", "pod-role")

    assert (code, lines[0]) == (0, "shop:web as pod-role: allowed")
    assert lines[-2:] == ["  by EKS Pod Identity: allowed", "    by trust of pod-role, statement 1"]
    assert run("assume", "shop:db", "pod-role")[0] == 1
    assert run("assume", "shop:web", "limited-role")[0] == 1


def test_without_provider_and_association_there_is_no_way(run: Run) -> None:
    assert run("assume", "shop:web", "web-role", resources=IDENTITY)[:2] == (
        1,
        ["shop:web as web-role: not allowed", "  the plan has neither an identity provider nor an association for it"],
    )


@pytest.mark.parametrize("account", ["web", "shop:", ":web", "shop/web"])
def test_a_service_account_is_named_with_its_namespace(run: Run, account: str) -> None:
    code, lines, errors = run("assume", account, "web-role")

    assert (code, lines, errors) == (2, [], f"ERROR: no service account {account!r}\nTIP: write namespace:name\n")


@pytest.mark.parametrize(
    ("role", "tip"), [("web-rol", "near it: web-role"), ("zzz", "the plan has: limited-role, pod-role, web-role")]
)
def test_an_unknown_role_is_a_usage_error_with_near_misses(run: Run, role: str, tip: str) -> None:
    code, lines, errors = run("assume", "shop:web", role)

    assert (code, lines) == (2, [])
    assert errors.startswith(f"ERROR: no role {role!r}\nTIP: {tip}")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("web-role", "kms:Decrypt", "the-key", "-c", "x:open=true"), [
            f"web-role kms:Decrypt on {KEY}: allowed",
            "  by keys, statement 1",
            "  by policy of the-key, statement 1",
        ]),
        (("web-role", "x:Tagged", "the-key"), [f"web-role x:Tagged on {KEY}: allowed", "  by keys, statement 2"]),
        (("web-role", "x:Here", "*"), ["web-role x:Here on *: allowed", "  by keys, statement 3"]),
        (("web-role", "x:Many", "*", "-c", "aws:TagKeys=a", "-c", "aws:TagKeys=b"), [
            "web-role x:Many on *: allowed",
            "  by keys, statement 4",
        ]),
        (("pod-role", "s3:GetObject", "arn:aws:s3:::b/k"), [
            "pod-role s3:GetObject on arn:aws:s3:::b/k: allowed",
            "  by own, statement 1",
        ]),
        (("pod-role", "ec2:DescribeInstances", "*"), [
            "pod-role ec2:DescribeInstances on *: allowed",
            "  by AmazonEKSWorkerNodePolicy, statement 1 (WorkerNodePermissions)",
        ]),
        (("limited-role", "s3:GetObject", "*"), [
            "limited-role s3:GetObject on *: allowed",
            "  by inline, statement 1",
        ]),
        (("deployer", "eks:DeleteCluster", f"arn:aws:eks:us-east-2:{ACCOUNT}:cluster/eks-cluster-dev"), [
            f"deployer eks:DeleteCluster on arn:aws:eks:us-east-2:{ACCOUNT}:cluster/eks-cluster-dev: allowed",
            "  by deployer's policy, statement 1 (ManageCluster)",
        ]),
    ],
)  # fmt: skip
def test_what_is_allowed_names_the_statements_that_allow_it(
    run: Run, arguments: tuple[str, ...], expected: list[str]
) -> None:
    assert run("allowed", *arguments)[:2] == (0, expected)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("web-role", "kms:Decrypt", "the-key", "-c", "x:open=false"), [
            f"web-role kms:Decrypt on {KEY}: not allowed by any statement",
            "  lacking: the resource's policy",
            "  near: policy of the-key, statement 1",
            "    Bool x:open 'true'; found 'false'",
        ]),
        (("web-role", "x:Here", "*", "--context", "aws:RequestedRegion=us-east-1"), [
            "web-role x:Here on *: not allowed by any statement",
            "  lacking: the caller's own policies",
            "  near: keys, statement 3",
            "    StringEquals aws:RequestedRegion 'us-east-2'; found 'us-east-1'",
        ]),
        (("web-role", "kms:Decrypt", "*"), [
            "web-role kms:Decrypt on *: not allowed by any statement",
            "  lacking: the caller's own policies",
            "  near: keys, statement 1",
            f"    its resources: {KEY}",
        ]),
        (("limited-role", "s3:PutObject", "*"), [
            "limited-role s3:PutObject on *: not allowed by any statement",
            "  lacking: the permissions boundary",
        ]),
        (("pod-role", "sts:AssumeRole", "the-limited-role"), [
            f"pod-role sts:AssumeRole on {LIMIT}: not allowed by any statement",
            "  lacking: the caller's own policies, the role's trust policy",
        ]),
    ],
)  # fmt: skip
def test_what_is_not_allowed_names_what_is_lacking_and_what_is_near(
    run: Run, arguments: tuple[str, ...], expected: list[str]
) -> None:
    assert run("allowed", *arguments)[:2] == (1, expected)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("deploier", "a:B", "*"), "ERROR: no role 'deploier'\nTIP: near it: deployer\n"),
        (("web-role", "Decrypt", "*"), "ERROR: no action 'Decrypt'\nTIP: write service:Operation"),
        (("web-role", "kms:Decrypt", "the-kei"), "ERROR: no resource 'the-kei'\nTIP: near it: the-key\n"),
        (("web-role", "kms:Decrypt", "*", "-c", "x"), "ERROR: no context key 'x'\nTIP: write KEY=VALUE\n"),
        (("web-role", "kms:Decrypt", "*", "-c", "=x"), "ERROR: no context key '=x'"),
    ],
)
def test_a_question_that_makes_no_sense_is_a_usage_error(run: Run, arguments: tuple[str, ...], error: str) -> None:
    code, lines, errors = run("allowed", *arguments)

    assert (code, lines) == (2, [])
    assert errors.startswith(error)


def test_a_plan_that_tells_no_account_has_no_deployer(run: Run) -> None:
    code, _, errors = run("allowed", "deployer", "a:B", "*", resources=())

    assert code == 2
    assert errors.startswith("ERROR: nothing in the plan tells its account")


def test_a_policy_that_iam_would_refuse_is_a_fault_of_the_plan(run: Run) -> None:
    broken = _resource("aws:iam/rolePolicy:RolePolicy", "bad", name="bad", role="web-role", policy="{}")
    code, _, errors = run("allowed", "web-role", "a:B", "*", resources=(*IDENTITY, broken))

    assert code == 2
    assert "in the policy bad" in errors


def test_the_china_partition_has_its_own_services(run: Run) -> None:
    role = _role(WEB.replace("arn:aws:", "arn:aws-cn:"), PODS)
    node = f"arn:aws-cn:iam::{ACCOUNT}:role/eks-node-role-dev"
    arguments = ("allowed", "deployer", "iam:PassRole", node, "-c", "iam:PassedToService=ec2.amazonaws.com.cn")

    assert run(*arguments, resources=(role,))[0] == 0


def test_the_shipped_stack_is_explained_in_a_process_of_its_own(project: Path) -> None:
    questions = {
        ("assume", "kube-system:aws-node", "eks-vpc-cni-role-dev"): 0,
        ("assume", "kube-system:default", "eks-vpc-cni-role-dev"): 1,
    }

    for question, code in questions.items():
        command = [sys.executable, "-m", "seatrial.cli", "explain", *question, "--project", str(project)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (code, "")
        assert done.stdout.startswith(f"{question[1]} as {question[2]}: ")
