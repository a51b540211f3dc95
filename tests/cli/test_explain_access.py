"""``seatrial explain access``: answers from a plan's access entries and roles, and questions that make no sense."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct

from seatrial import plan
from seatrial.cli import __main__
from seatrial.plan import Plan, Properties, Resource, lazy_sdk, wire

ACCOUNT = "111122223333"
OPERATORS, TEAM, STRANGER = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("operators", "shop-team", "stranger"))
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/shop-team/alice"
ADMIN_POLICY, VIEW_POLICY = (
    f"arn:aws:eks::aws:cluster-access-policy/{name}" for name in ("AmazonEKSClusterAdminPolicy", "AmazonEKSViewPolicy")
)

STACK = f"""
config:
  seatrial:platform:
    environment: dev
    environmentSuffix: dev
    owner: team
    costCenter: cc
    cluster:
      admins:
        ops: {OPERATORS}
    kubernetes:
      enabled: false
"""

Run = Callable[..., tuple[int, list[str], str]]
"""Exit code, lines of stdout, stderr."""


def frozen(value: dict[str, Any]) -> Properties:
    """Return a mapping as plans hold it."""
    struct = Struct()
    struct.update(value)
    return wire.decode(struct)


def resource(token: str, name: str, /, **inputs: Any) -> Resource:
    arn = str(inputs.get("arn", ""))
    properties = frozen(inputs)
    outputs: Properties = {**properties, "arn": arn} if arn else properties
    return Resource(urn=f"urn:{token}::{name}", type=token, name=name, inputs=properties, outputs=outputs)


def entry(name: str, arn: str, /, **inputs: Any) -> Resource:
    return resource("aws:eks/accessEntry:AccessEntry", name, principalArn=arn, **inputs)


def association(name: str, arn: str, policy: str, **scope: Any) -> Resource:
    token = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
    return resource(token, name, principalArn=arn, policyArn=policy, accessScope=scope)


def rbac(kind: str, name: str, /, **fields: Any) -> Resource:
    api = "rbac.authorization.k8s.io/v1"
    metadata = {"name": name, "namespace": "shop"}
    return resource(f"kubernetes:{api}:{kind}", name, apiVersion=api, kind=kind, metadata=metadata, **fields)


PLANNED = (
    entry("ops", OPERATORS, type="STANDARD"),
    association("ops", OPERATORS, ADMIN_POLICY, type="cluster"),
    entry("team", TEAM, kubernetesGroups=["team-shop"]),
    association("team", TEAM, VIEW_POLICY, type="namespace", namespaces=["shop"]),
    resource("aws:iam/role:Role", "the-team", name="shop-team", arn=TEAM),
    resource("kubernetes:helm.sh/v3:Release", "chart", name="autoscaler"),
    rbac(
        "Role",
        "developer",
        rules=[
            {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
            {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["*"], "resourceNames": ["web"]},
        ],
    ),
    rbac(
        "RoleBinding",
        "developers",
        roleRef={"kind": "Role", "name": "developer"},
        subjects=[
            {"kind": "Group", "name": "team-shop"},
            {"kind": "ServiceAccount", "name": "robot", "namespace": "shop"},
        ],
    ),
)


@pytest.fixture(name="run")
def _run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command on the plan above, or on part of it."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    monkeypatch.setattr(lazy_sdk, "install", lambda: None)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, resources: tuple[Resource, ...] = PLANNED) -> tuple[int, list[str], str]:
        def planned(*_: object, **_options: object) -> Plan:
            return Plan(project="shop", stack="dev", resources=resources)

        monkeypatch.setattr(plan, "of_platform", planned)
        monkeypatch.setattr(sys, "argv", ["seatrial", "explain", "access", *arguments])
        with pytest.raises(SystemExit) as caught:
            __main__.main()
        captured = capsys.readouterr()
        return int(caught.value.code or 0), captured.out.splitlines(), captured.err

    return run


BY_ENTRY = "  by the access entry gives IAM principal"
VIEWED = (
    "get, list, watch of bindings, events, limitranges, namespaces/status, pods/log, pods/status,"
    " replicationcontrollers/status, resourcequotas, resourcequotas/status"
)
BY_ROLE = "  by RoleBinding/shop/developers gives Group team-shop Role/shop/developer: "


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("--as", "team-shop", "get", "pods/log", "-n", "shop"),
            ["group team-shop: get pods/log in shop: allowed", f"{BY_ROLE}get of pods/log"],
        ),
        (
            ("--as", "team-shop", "patch", "deploy", "web", "-n", "shop"),
            [
                "group team-shop: patch deployments.apps web in shop: allowed",
                f"{BY_ROLE}* of deployments.apps named web",
            ],
        ),
        (
            ("--as", TEAM, "get", "pods/log", "-n", "shop"),
            [
                f"{TEAM}, in team-shop: get pods/log in shop: allowed",
                f"{BY_ROLE}get of pods/log",
                f"{BY_ENTRY} {TEAM} AccessPolicy/AmazonEKSViewPolicy: {VIEWED}",
            ],
        ),
        (
            ("--as", "ops", "delete", "nodes"),
            [
                f"{OPERATORS}: delete nodes: allowed",
                f"{BY_ENTRY} {OPERATORS} AccessPolicy/AmazonEKSClusterAdminPolicy: * of *.*",
            ],
        ),
        (
            ("--as", "ops", "get", "/metrics"),
            [
                f"{OPERATORS}: get /metrics: allowed",
                f"{BY_ENTRY} {OPERATORS} AccessPolicy/AmazonEKSClusterAdminPolicy: * of *",
            ],
        ),
        (
            ("--as", "system:serviceaccount:shop:robot", "get", "pods/log", "-n", "shop"),
            [
                "system:serviceaccount:shop:robot: get pods/log in shop: allowed",
                BY_ROLE.replace("Group team-shop", "User system:serviceaccount:shop:robot") + "get of pods/log",
            ],
        ),
        (
            ("--as", "system:masters", "delete", "ns", "shop"),
            [
                "group system:masters: delete namespaces shop: allowed",
                "  by ClusterRoleBinding/cluster-admin gives Group system:masters ClusterRole/cluster-admin: * of *.*",
                "  by the API server gives Group system:masters everything: * of *.*",
            ],
        ),
    ],
)
def test_what_is_allowed_names_the_binding_and_the_rule(
    run: Run, arguments: tuple[str, ...], expected: list[str]
) -> None:
    assert run(*arguments)[:2] == (0, expected)


@pytest.mark.parametrize("name", [TEAM, SESSION, "shop-team", "the-team"])
def test_a_role_of_the_plan_goes_by_many_names(run: Run, name: str) -> None:
    code, lines, _ = run("--as", name, "list", "pods", "-n", "shop")

    assert (code, lines[0]) == (0, f"{TEAM}, in team-shop: list pods in shop: allowed")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("--as", "team-shop", "patch", "deployments", "db", "-n", "shop"),
            [
                "group team-shop: patch deployments.apps db in shop: denied",
                "  has Role/shop/developer by RoleBinding/shop/developers, in shop",
            ],
        ),
        (
            ("--as", TEAM, "list", "pods", "-A"),
            [
                f"{TEAM}, in team-shop: list pods: denied",
                "  has Role/shop/developer by RoleBinding/shop/developers, in shop",
                "  has AccessPolicy/AmazonEKSViewPolicy by the access entry, in shop",
            ],
        ),
        (
            ("--as", STRANGER, "list", "pods"),
            [f"{STRANGER}: list pods in default: denied", "  the cluster has no access entry for it"],
        ),
        (
            ("--as", "system:authenticated", "list", "pods"),
            [
                "group system:authenticated: list pods in default: denied",
                "  no binding of the plan, and no access policy, gives it anything",
            ],
        ),
        (
            ("--as", "system:serviceaccount:kube-system:autoscaler", "list", "nodes"),
            [
                "system:serviceaccount:kube-system:autoscaler: list nodes: denied",
                "  no binding of the plan, and no access policy, gives it anything",
                "  roles that charts bring are not in a plan: autoscaler",
            ],
        ),
    ],
)
def test_what_is_denied_shows_what_there_is_instead(run: Run, arguments: tuple[str, ...], expected: list[str]) -> None:
    assert run(*arguments)[:2] == (1, expected)


def test_without_charts_nothing_is_said_of_them(run: Run) -> None:
    assert run("--as", "system:serviceaccount:a:b", "list", "nodes", resources=PLANNED[:2])[1][1:] == [
        "  no binding of the plan, and no access policy, gives it anything"
    ]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--as", "team-shp", "get", "pods"), "nobody is called 'team-shp'\nTIP: near it: team-shop"),
        (
            ("--as", "xyzzy", "get", "pods"),
            "nobody is called 'xyzzy'\nTIP: the plan has: ops, shop-team, team-shop, the-team; or give an ARN",
        ),
        (("--as", "ops", "gett", "pods"), "no verb 'gett'\nTIP: near it: get"),
        (("--as", "ops", "zzz", "/healthz"), "no verb 'zzz'\nTIP: known: get, head"),
        (("--as", "ops", "get", "podz"), "no resource 'podz'\nTIP: near it: pod"),
        (("--as", "ops", "get", "zzzzz"), "no resource 'zzzzz'\nTIP: name one that isn't Kubernetes' own"),
    ],
)
def test_a_question_that_makes_no_sense_is_a_usage_error(run: Run, arguments: tuple[str, ...], error: str) -> None:
    code, lines, errors = run(*arguments)

    assert (code, lines) == (2, [])
    assert errors.startswith(f"ERROR: {error}")
