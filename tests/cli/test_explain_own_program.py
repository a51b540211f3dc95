"""``seatrial explain`` about a program of one's own: names that AWS makes up, values that only a deployment tells."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.cli import __main__
from seatrial.plan import lazy_sdk

STACK = """
config:
  seatrial:platform:
    environment: dev
    environmentSuffix: dev
    owner: team
    costCenter: cc
    kubernetes: {enabled: false}
"""

PROGRAM = """
import json

import pulumi
import pulumi_aws as aws

from seatrial.components.kubernetes_object import KubernetesObject
from seatrial.components.kubernetes_provider import KubernetesProvider

opts = pulumi.ResourceOptions(provider=aws.Provider("own", region="us-east-2"))
cluster = KubernetesProvider("cluster", {"kubeconfig": "{}", "cluster_identifier": "c"})
inside = pulumi.ResourceOptions(provider=cluster)
unknown = aws.sns.Topic("topic", opts=opts).owner


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **condition):
    return {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}


def later(text):
    return unknown.apply(lambda _: text)


def role(title, trust=None, **args):
    return aws.iam.Role(title, assume_role_policy=trust or PODS, opts=opts, **args)


def inline(name, policy, role):
    aws.iam.RolePolicy(name, name=name, role=role, policy=policy, opts=opts)


def attach(name, role, arn):
    aws.iam.RolePolicyAttachment(name, role=role, policy_arn=arn, opts=opts)


def associate(name, role, **args):
    given = {"cluster_name": "elsewhere", "namespace": "shop", "service_account": name, "role_arn": role.arn, **args}
    aws.eks.PodIdentityAssociation(name, opts=opts, **given)


def entry(name, arn, **args):
    aws.eks.AccessEntry(name, cluster_name="c", principal_arn=arn, opts=opts, **args)


def access(name, arn, policy="View", **scope):
    aws.eks.AccessPolicyAssociation(
        name,
        cluster_name="c",
        principal_arn=arn,
        policy_arn=f"arn:aws:eks::aws:cluster-access-policy/AmazonEKS{policy}Policy"
        if isinstance(policy, str)
        else policy,
        access_scope=scope or {"type": "cluster"},
        opts=opts,
    )


def put(api, kind, name, namespace=None, **fields):
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    titles.append(f"{kind.lower()}-{len(titles)}")
    KubernetesObject(titles[-1], {"apiVersion": api, "kind": kind, "metadata": metadata, **fields}, inside)


titles = []
RBAC = "rbac.authorization.k8s.io/v1"
PODS = document(
    {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    }
)
"""

Run = Callable[..., tuple[int, list[str], str]]
"""Exit code, lines of stdout, stderr."""


@pytest.fixture(name="explain")
def _explain(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Ask about a project whose program ends with the given lines."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    monkeypatch.setattr(lazy_sdk, "install", lambda: None)
    monkeypatch.chdir(tmp_path)

    def explain(program: str, question: str) -> tuple[int, list[str], str]:
        (tmp_path / "__main__.py").write_text(PROGRAM + program)
        monkeypatch.setattr(sys, "argv", ["seatrial", "explain", *question.split()])
        with pytest.raises(SystemExit) as caught:
            __main__.main()
        captured = capsys.readouterr()
        return int(caught.value.code or 0), captured.out.splitlines(), captured.err

    return explain


AUTONAMED = """
queue = aws.sqs.Queue("jobs", opts=opts)
own = aws.iam.Policy("own", policy=document(allow("s3:GetObject")), opts=opts)
worker = role(
    "worker",
    inline_policies=[{"name": "inside", "policy": document(allow("x:Inside"))}, {"policy": document(allow("x:Bare"))}],
    managed_policy_arns=["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"],
)
inline("receive", document(allow("sqs:ReceiveMessage")), worker.name)
attach("attached", worker.name, own.arn)
aws.iam.PolicyAttachment("many", roles=[worker.name], policy_arn=own.arn, opts=opts)
"""


@pytest.mark.parametrize(
    ("action", "by"),
    [
        ("sqs:ReceiveMessage", "receive, statement 1"),
        ("s3:GetObject", "own-"),
        ("x:Inside", "inside, statement 1"),
        ("x:Bare", "inlinePolicies[1] of worker, statement 1"),
        ("ec2:DescribeInstances", "AmazonEKSWorkerNodePolicy, statement 1"),
    ],
)
def test_a_role_that_aws_names_has_what_is_attached_to_it(explain: Run, action: str, by: str) -> None:
    code, lines, _ = explain(AUTONAMED, f"allowed worker {action} jobs")

    assert code == 0
    assert (lines[0][:7], lines[0][-9:]) == ("worker-", ": allowed")
    assert lines[1].startswith(f"  by {by}")


def test_a_role_that_aws_names_goes_by_that_name_too(explain: Run) -> None:
    _, _, error = explain(AUTONAMED, "allowed zzzzz x:Inside *")
    name = error.rpartition(" ")[2].strip()

    assert error.startswith("ERROR: no role 'zzzzz'\nTIP: the plan has: deployer, worker-")
    assert explain(AUTONAMED, f"allowed {name} x:Inside *")[0] == 0
    assert "near it: worker" in explain(AUTONAMED, "allowed workr x:Inside *")[2]


def test_a_name_that_several_have_is_asked_back(explain: Run) -> None:
    program = 'role("jobs")\naws.sqs.Queue("jobs", name="q", opts=opts)\n'
    code, _, error = explain(program, "allowed jobs x:Y jobs")

    assert code == 2
    assert "2 resources are called 'jobs'\nTIP: give the ARN of one: arn:" in error


UNTOLD = "can't be told before a deployment"
DENY = 'document({**allow("x:Read"), "Effect": "Deny"})'
ALLOW = 'inline("open", document(allow("*")), "w")\n'
KEEPER = 'aws.iam.Policy("limit", name="limit", policy=later(document(allow("x:Read"))), opts=opts).arn'
TEAM = '"${aws:PrincipalTag/team}"'


@pytest.mark.parametrize(
    ("program", "action", "verdict", "reason"),
    [
        pytest.param(
            'role("w", name="w")\ninline("late", later(""), "w")\n',
            "x:Read",
            UNTOLD,
            "unknown: policy late",
            id="an inline policy may allow",
        ),
        pytest.param(
            'role("w", name="w")\ninline("late", later(""), "w")\n' + ALLOW,
            "x:Read",
            UNTOLD,
            "unknown: policy late",
            id="and may deny what another allows",
        ),
        pytest.param(
            f'role("w", name="w")\ninline("late", later(""), "w")\ninline("no", {DENY}, "w")\n' + ALLOW,
            "x:Read",
            "denied by a statement",
            "by no, statement 1",
            id="a deny decides",
        ),
        pytest.param(
            'role("w", name="w")\ninline("late", document(allow("x:Read")), later("w"))\n',
            "x:Read",
            UNTOLD,
            "unknown: role of late",
            id="it may be this role's",
        ),
        pytest.param(
            'role("w", name="w")\nattach("a", "w", unknown)\n',
            "x:Read",
            UNTOLD,
            "unknown: policyArn of a",
            id="nobody knows which policy",
        ),
        pytest.param(
            'role("w", name="w")\nattach("a", "w", "arn:aws:iam::aws:policy/AmazonS3FullAccess")\n',
            "x:Read",
            UNTOLD,
            "unknown: arn:aws:iam::aws:policy/AmazonS3FullAccess, whose document the plan doesn't hold",
            id="a policy that isn't in the plan",
        ),
        pytest.param(
            f'role("w", name="w", permissions_boundary={KEEPER})\n' + ALLOW,
            "x:Read",
            UNTOLD,
            "unknown: policy limit",
            id="a boundary may not allow",
        ),
        pytest.param(
            f'role("w", name="w", permissions_boundary={KEEPER})\n',
            "x:Read",
            "not allowed by any statement",
            "lacking: the caller's own policies",
            id="a boundary gives nothing",
        ),
        pytest.param(
            'role("w", name="w", permissions_boundary=unknown)\n' + ALLOW,
            "x:Read",
            UNTOLD,
            "unknown: permissionsBoundary of w",
            id="nobody knows which boundary",
        ),
        pytest.param(
            'role("w", name="w", tags={"team": unknown})\n'
            'inline("t", document(allow("x:Read", StringEquals={"aws:PrincipalTag/team": "a"})), "w")\n',
            "x:Read",
            UNTOLD,
            "unknown: aws:PrincipalTag/team",
            id="a tag decides",
        ),
        pytest.param(
            'role("w", name="w", tags={"team": unknown})\n'
            'inline("t", document(allow("x:Read", StringEquals={"aws:PrincipalTag/team": "a"})), "w")\n',
            "x:Read *|-c aws:PrincipalTag/team=a",
            "allowed",
            "by t, statement 1",
            id="unless the question gives it",
        ),
        pytest.param(
            'role("w", name="w", tags=unknown.apply(lambda _: {}))\n'
            f'inline("t", document(allow("x:Read", "arn:aws:s3:::b/" + {TEAM})), "w")\n',
            "x:Read arn:aws:s3:::b/a",
            UNTOLD,
            "unknown: aws:PrincipalTag/team",
            id="in a resource, when no tag is known",
        ),
        pytest.param(
            'role("w", name="w", tags={"team": unknown})\n'
            f'inline("t", document(allow("x:Read", StringEquals={{"x:y": {TEAM}}})), "w")\n' + ALLOW,
            "x:Read",
            "allowed",
            "by open, statement 1",
            id="a tag that makes no difference",
        ),
        pytest.param(
            'role("w", name="w", tags={"team": unknown})\n'
            f'inline("t", document({{**allow("x:Read", StringEquals={{"x:y": {TEAM}}}), "Effect": "Deny"}}), "w")\n'
            + ALLOW,
            "x:Read",
            UNTOLD,
            "unknown: aws:PrincipalTag/team",
            id="a tag by which it may be denied",
        ),
        pytest.param(
            'role("w", name="w", tags={"team": unknown})\n'
            f'inline("t", document(allow("x:Write", StringEquals={{"x:y": {TEAM}}})), "w")\n',
            "x:Read",
            "not allowed by any statement",
            "lacking: the caller's own policies",
            id="a tag that another call asks for",
        ),
        pytest.param(
            'role("w", name=later("w"))\n', "x:Read", UNTOLD, "unknown: the ARN of w", id="nobody knows who it is"
        ),
    ],
)
def test_what_isnt_known_of_a_role_decides_only_where_it_can(
    explain: Run, program: str, action: str, verdict: str, reason: str
) -> None:
    question = action.replace("|", " ") if " " in action else f"{action} *"
    code, lines, error = explain(program, f"allowed w {question}")

    assert (code, error) == (int(verdict != "allowed"), "")
    assert lines[0].endswith(f": {verdict}")
    assert lines[1].strip() == reason


OPEN = 'role("w", name="w")\n' + ALLOW
QUEUE = OPEN + 'queue = aws.sqs.Queue("jobs", opts=opts)\n'
BUCKET = OPEN + 'bucket = aws.s3.Bucket("data", bucket="data", opts=opts)\n'
REFUSAL = '{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}'


@pytest.mark.parametrize(
    ("program", "question", "verdict", "reason"),
    [
        pytest.param(QUEUE, "sqs:SendMessage jobs", "allowed", "by open, statement 1", id="no policy of its own"),
        pytest.param(
            OPEN + 'aws.sqs.Queue("jobs", policy=later(PODS), opts=opts)\n',
            "sqs:SendMessage jobs",
            UNTOLD,
            "unknown: policy of jobs",
            id="a queue's policy",
        ),
        pytest.param(
            QUEUE + f'aws.sqs.QueuePolicy("p", queue_url=queue.url, policy=document({REFUSAL}), opts=opts)\n',
            "sqs:SendMessage jobs",
            "denied by a statement",
            "by policy of jobs, statement 1",
            id="a policy beside the queue",
        ),
        pytest.param(
            QUEUE + f'aws.sqs.QueuePolicy("p", queue_url=unknown, policy=document({REFUSAL}), opts=opts)\n',
            "sqs:SendMessage jobs",
            UNTOLD,
            "unknown: queueUrl of p",
            id="which may be another's",
        ),
        pytest.param(
            QUEUE + f'aws.sqs.QueuePolicy("p", queue_url="https://other", policy=document({REFUSAL}), opts=opts)\n',
            "sqs:SendMessage jobs",
            "allowed",
            "by open, statement 1",
            id="or is",
        ),
        pytest.param(
            BUCKET
            + 'for name in "pq":\n'
            + '    aws.s3.BucketPolicy(name, bucket=bucket.id, policy=PODS.replace("Service", "AWS"), opts=opts)\n',
            "s3:GetObject data",
            UNTOLD,
            "unknown: policy of data",
            id="two that replace each other",
        ),
        pytest.param(
            BUCKET + 'aws.s3.BucketPolicy("p", bucket=bucket.id, policy=later(""), opts=opts)\n',
            "s3:GetObject arn:aws:s3:::data/key",
            UNTOLD,
            "unknown: policy of data",
            id="an object in a bucket",
        ),
        pytest.param(
            BUCKET, "s3:GetObject arn:aws:s3:::other/key", "allowed", "by open, statement 1", id="in another bucket"
        ),
        pytest.param(
            OPEN + 'aws.kms.Key("key", policy=later(""), opts=opts)\n',
            "kms:Decrypt key",
            UNTOLD,
            "unknown: policy of key",
            id="a key's policy",
        ),
        pytest.param(
            OPEN + 'aws.sqs.Queue("jobs", name=later("q"), opts=opts)\n',
            "sqs:SendMessage jobs",
            "allowed",
            "by open, statement 1",
            id="an ARN that makes no difference",
        ),
        pytest.param(
            'role("w", name="w")\ninline("s", document(allow("sqs:*", "arn:aws:sqs:*")), "w")\n'
            'aws.sqs.Queue("jobs", name=later("q"), opts=opts)\n',
            "sqs:SendMessage jobs",
            UNTOLD,
            "unknown: the resource's ARN",
            id="an ARN that does",
        ),
        pytest.param(
            'role("w", name="w")\n'
            'inline("s", document(allow("sqs:*", StringEquals={"aws:ResourceTag/team": "a"})), "w")\n'
            'aws.sqs.Queue("jobs", tags={"team": unknown}, opts=opts)\n',
            "sqs:SendMessage jobs",
            UNTOLD,
            "unknown: aws:ResourceTag/team",
            id="a tag of the resource",
        ),
        pytest.param(
            OPEN + 'role("late", trust=later(PODS))\n',
            "sts:AssumeRole late",
            UNTOLD,
            "unknown: trust of late-",
            id="a role's trust",
        ),
        pytest.param(OPEN + 'role("late")\n', "iam:GetRole late", "allowed", "by open, statement 1", id="not asked"),
    ],
)
def test_what_isnt_known_of_a_resource_decides_only_where_it_can(
    explain: Run, program: str, question: str, verdict: str, reason: str
) -> None:
    code, lines, error = explain(program, f"allowed w {question}")

    assert (code, error) == (int(verdict != "allowed"), "")
    assert lines[0].endswith(f": {verdict}")
    assert lines[1].strip().startswith(reason)


PROVIDER = """
trust = document(
    {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/issuer"},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
)
role("w", trust=trust, name="w")
aws.iam.OpenIdConnectProvider("oidc", url="https://issuer", client_id_lists=%s, opts=opts)
"""
TAGGED = PROVIDER.partition("trust =")[0] + (
    'tagged = document({"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"},\n'
    '    "Action": ["sts:AssumeRole", "sts:TagSession"],\n'
    '    "Condition": {"StringEquals": {"aws:RequestTag/eks-cluster-name": "elsewhere"}}})\n'
)


@pytest.mark.parametrize(
    ("program", "verdict", "reasons"),
    [
        pytest.param(PROVIDER % '["sts.amazonaws.com"]', "allowed", ["by trust of w, statement 1"], id="known"),
        pytest.param(PROVIDER % '["sts.amazonaws.com", unknown]', "allowed", ["by trust of w, statement 1"], id="one"),
        pytest.param(PROVIDER % "[unknown]", UNTOLD, ["unknown: clientIdLists of oidc"], id="unknown audience"),
        pytest.param(
            TAGGED + 'associate("app", role("w", trust=tagged, name="w"))\n',
            "allowed",
            ["by trust of w, statement 1"],
            id="a cluster that isn't in the plan",
        ),
        pytest.param(
            TAGGED + 'associate("app", role("w", trust=tagged, name="w"), cluster_name=unknown)\n',
            UNTOLD,
            ["unknown: aws:RequestTag/eks-cluster-name"],
            id="a cluster that only a deployment tells",
        ),
        pytest.param(
            'associate("app", role("w", name="w"), cluster_name=unknown)\n',
            "allowed",
            ["by trust of w, statement 1"],
            id="which makes no difference",
        ),
        pytest.param(
            'associate("app", role("w", name="w"), service_account=unknown)\n',
            UNTOLD,
            ["unknown: serviceAccount of app"],
            id="whose pods",
        ),
        pytest.param(
            'role("w", name="w")\nassociate("app", role("other"), role_arn=unknown)\n',
            UNTOLD,
            ["unknown: roleArn of app"],
            id="which role",
        ),
        pytest.param(
            'associate("app", role("w", name="w"), disable_session_tags=unknown.apply(lambda _: True))\n',
            UNTOLD,
            [
                "unknown: disableSessionTags of app",
                f"by EKS Pod Identity: {UNTOLD}",
                "unknown: disableSessionTags of app",
            ],
            id="with or without tags",
        ),
        pytest.param(
            'associate("app", role("w", name="w", trust=later(PODS)))\n',
            UNTOLD,
            ["unknown: trust of w"],
            id="a trust that only a deployment tells",
        ),
    ],
)
def test_what_isnt_known_of_a_way_in_decides_only_where_it_can(
    explain: Run, program: str, verdict: str, reasons: list[str]
) -> None:
    code, lines, error = explain(program, "assume shop:app w")

    assert (code, lines[0], error) == (int(verdict != "allowed"), f"shop:app as w: {verdict}", "")
    assert [line.strip() for line in lines[2:]] == reasons


def test_an_association_of_another_role_is_no_way(explain: Run) -> None:
    code, lines, _ = explain('role("w", name="w")\nassociate("app", role("other"))\n', "assume shop:app w")

    assert (code, lines[0]) == (1, "shop:app as w: not allowed")


def test_a_cluster_that_aws_names_is_the_one_of_its_associations(explain: Run) -> None:
    program = (
        'cluster = aws.eks.Cluster("c", role_arn=role("w", name="w").arn, vpc_config={"subnet_ids": []}, opts=opts)\n'
        'associate("app", role("v", name="v"), cluster_name=cluster.name)\n'
    )

    assert explain(program, "assume shop:app v")[1][0] == "shop:app as v: allowed"


TEAM_ENTRY = 'team = role("t", name="t").arn\nentry("e", team)\n'
SHOP = 'put("v1", "Namespace", "shop")\n'
READER = 'put(RBAC, "Role", "reader", "shop", rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}])\n'
BOUND = '[{"kind": "Group", "name": "team"}]'
BINDING = (
    'put(RBAC, "RoleBinding", "readers", "shop", roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role",'
    ' "name": "reader"}, subjects=%s)\n'
)


@pytest.mark.parametrize(
    ("program", "question", "verdict", "unknown"),
    [
        pytest.param(TEAM_ENTRY + 'access("v", team)\n', "--as t", "allowed", [], id="known"),
        pytest.param(
            TEAM_ENTRY + 'access("v", team, unknown)\n', "--as t", UNTOLD, ["policyArn of v"], id="which policy"
        ),
        pytest.param(
            TEAM_ENTRY + 'access("v", team, "New")\n', "--as t", UNTOLD, ["policyArn of v"], id="an unheard of policy"
        ),
        pytest.param(
            TEAM_ENTRY + 'access("v", team, type="namespace", namespaces=[unknown])\n',
            "--as t",
            UNTOLD,
            ["accessScope of v"],
            id="where",
        ),
        pytest.param(
            TEAM_ENTRY + 'access("v", team, type="namespace", namespaces=["shop"])\n',
            "--as t -n shop",
            "allowed",
            [],
            id="in a namespace",
        ),
        pytest.param(
            'role("t", name="t")\nentry("e", unknown)\n', "--as t", UNTOLD, ["principalArn of e"], id="whose entry"
        ),
        pytest.param(
            'entry("e", role("t", name="t").arn, kubernetes_groups=[unknown], user_name=unknown)\n',
            "--as t",
            UNTOLD,
            ["kubernetesGroups of e", "userName of e"],
            id="which groups",
        ),
        pytest.param(
            'entry("e", role("t", name="t").arn, type=unknown)\n', "--as t", UNTOLD, ["type of e"], id="which type"
        ),
        pytest.param(
            'entry("e", role("t", name="t").arn, type="EC2")\n', "--as t", UNTOLD, ["type of e"], id="a new type"
        ),
        pytest.param('role("t", name=later("t"))\n', "--as t", UNTOLD, ["the ARN of t"], id="nobody knows who it is"),
        pytest.param(SHOP + READER + BINDING % BOUND, "--as team -n shop", "allowed", [], id="by a binding"),
        pytest.param(
            SHOP
            + READER
            + BINDING % BOUND
            + BINDING.replace("readers", "more") % '[{"kind": "Group", "name": unknown}]',
            "--as team -n shop",
            "allowed",
            [],
            id="another binding takes nothing",
        ),
        pytest.param(
            SHOP + READER + BINDING % "unknown",
            "--as system:serviceaccount:shop:a -n shop",
            UNTOLD,
            ["RoleBinding/shop/readers"],
            id="who is bound",
        ),
        pytest.param(
            SHOP + READER + BINDING % "unknown",
            "--as system:serviceaccount:shop:a -n default",
            "denied",
            [],
            id="in another namespace",
        ),
        pytest.param(
            SHOP + READER + BINDING % "unknown",
            "--as system:serviceaccount:shop:a -A",
            "denied",
            [],
            id="a namespace is not all of them",
        ),
        pytest.param(
            'put(RBAC, "ClusterRole", unknown, rules=[])\n',
            "--as system:serviceaccount:shop:a -A",
            UNTOLD,
            ["clusterrole-0"],
            id="all of the cluster",
        ),
    ],
)
def test_what_isnt_known_of_the_cluster_may_allow(
    explain: Run, program: str, question: str, verdict: str, unknown: list[str]
) -> None:
    code, lines, error = explain(program, f"access get pods {question}")

    assert (code, error) == (int(verdict != "allowed"), "")
    assert lines[0].endswith(f": {verdict}")
    assert [line.strip().removeprefix("unknown: ") for line in lines if "unknown: " in line] == unknown


@pytest.mark.parametrize(
    ("program", "question", "note"),
    [
        (SHOP, "get pods -n shpo", ["  the plan has no namespace 'shpo'; it has: default, kube-node-lease,"]),
        (SHOP, "get pods -n shop", []),
        (SHOP, "get pods -n kube-system", []),
        (SHOP, "get namespaces shpo", []),
        (SHOP, "get pods -A", []),
        (SHOP + 'put("v1", "Namespace", unknown)\n', "get pods -n shpo", []),
    ],
)
def test_a_namespace_that_the_plan_hasnt_is_said_to_be_missing(
    explain: Run, program: str, question: str, note: list[str]
) -> None:
    code, lines, _ = explain(program, f"access {question} --as system:authenticated")

    assert (code, lines[0][-8:]) == (1, ": denied")
    assert [line[: len(note[0])] if note else line for line in lines if "the plan has no" in line] == note


WEB = (
    'put("apps/v1", "Deployment", "web", "shop", spec={"replicas": unknown, "template": {"metadata": {"labels": %s},'
    ' "spec": {"containers": [{"name": "web", "image": unknown, "ports": %s}]}}})\n'
)
KNOWN = WEB % ('{"app": "web"}', "[]")
POLICY = 'put("networking.k8s.io/v1", "NetworkPolicy", "np", "shop", spec={"podSelector": {}, **%s})\n'
CLOSED = POLICY.replace('"np"', '"closed"') % '{"policyTypes": ["Ingress"]}'
OPENED = POLICY.replace('"np"', '"opened"') % '{"ingress": [{}]}'
PORTS = '{"ingress": [{"ports": [{"port": unknown}]}]}'


@pytest.mark.parametrize(
    ("program", "verdict", "unknown"),
    [
        pytest.param(KNOWN, "allowed", [], id="an image decides nothing"),
        pytest.param(KNOWN + CLOSED, "denied", [], id="known"),
        pytest.param(KNOWN + POLICY % PORTS, UNTOLD, ["NetworkPolicy/shop/np"], id="which ports"),
        pytest.param(KNOWN + CLOSED + POLICY % PORTS, UNTOLD, ["NetworkPolicy/shop/np"], id="it may allow"),
        pytest.param(KNOWN + OPENED + POLICY % PORTS, "allowed", [], id="it takes nothing"),
        pytest.param(
            KNOWN + POLICY % '{"egress": [{"to": [{"ipBlock": {"cidr": unknown}}]}], "policyTypes": ["Egress"]}',
            "allowed",
            [],
            id="the other direction",
        ),
        pytest.param(
            KNOWN + POLICY % '{"egress": [{"to": [{"ipBlock": {"cidr": unknown}}]}]}',
            UNTOLD,
            ["NetworkPolicy/shop/np"],
            id="both directions",
        ),
        pytest.param(
            KNOWN + POLICY % '{"policyTypes": unknown}', UNTOLD, ["NetworkPolicy/shop/np"], id="which directions"
        ),
        pytest.param(
            KNOWN + POLICY.replace('"shop"', '"other"') % PORTS, "allowed", [], id="a policy of another namespace"
        ),
        pytest.param(KNOWN + POLICY.replace('"shop"', "unknown") % PORTS, UNTOLD, ["NetworkPolicy/np"], id="or of any"),
        pytest.param(WEB % ('{"app": unknown}', "[]"), UNTOLD, ["Deployment/shop/web"], id="which labels"),
        pytest.param(
            WEB % ('{"app": "web"}', '[{"containerPort": unknown}]'), UNTOLD, ["Deployment/shop/web"], id="its ports"
        ),
        pytest.param(
            'put("apps/v1", "Deployment", "web", "shop", spec=unknown)\n',
            UNTOLD,
            ["Deployment/shop/web"],
            id="nothing of it",
        ),
        pytest.param(
            KNOWN + (WEB % ('{"app": unknown}', "[]")).replace('"web", "shop"', '"web", unknown'),
            "allowed",
            [],
            id="a workload that may be elsewhere",
        ),
        pytest.param(
            KNOWN
            + 'put("v1", "Namespace", "shop")\n'
            + 'KubernetesObject("late", {"apiVersion": "v1", "kind": "Namespace",'
            ' "metadata": {"name": "other", "labels": unknown}}, inside)\n',
            "allowed",
            [],
            id="labels of another namespace",
        ),
        pytest.param(
            KNOWN + 'KubernetesObject("late", {"apiVersion": "v1", "kind": "Namespace",'
            ' "metadata": {"name": "shop", "labels": {"a": unknown}}}, inside)\n',
            UNTOLD,
            ["Namespace/shop"],
            id="labels of the namespace",
        ),
        pytest.param(
            KNOWN + 'put("v1", "Service", "web", "shop", spec={"selector": unknown, "ports": [{"port": unknown}]})\n',
            "allowed",
            [],
            id="a service decides nothing",
        ),
    ],
)
def test_what_isnt_known_of_policies_and_pods_decides_only_where_it_can(
    explain: Run, program: str, verdict: str, unknown: list[str]
) -> None:
    code, lines, error = explain(program, "connection 10.0.0.1 shop/web:80")

    assert (code, error) == (int(verdict != "allowed"), "")
    assert lines[0].endswith(f": {verdict}")
    assert [line.strip().removeprefix("unknown: ") for line in lines if "unknown: " in line] == unknown


def test_an_end_that_refuses_for_sure_decides(explain: Run) -> None:
    program = KNOWN + CLOSED + POLICY.replace('"shop"', '"other"') % '{"egress": unknown}'
    code, lines, _ = explain(program, "connection other/* shop/web:80")

    assert (code, lines[0][-8:]) == (1, ": denied")
