"""``seatrial explain connection``: answers from the policies of a plan, and what it says of questions without sense."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct

from seatrial import plan
from seatrial.cli import __main__
from seatrial.plan import Plan, Properties, Resource, lazy_sdk, wire

STACK = """
config:
  seatrial:platform:
    environment: dev
    environmentSuffix: dev
    owner: team
    costCenter: cc
    kubernetes:
      enabled: false
"""

ISOLATING = ("shop/closed", "shop/names", "shop/to-db")
STARTUP = (
    "  on EKS: startup-window: in the standard mode a new pod may send and receive everything until its policies are in"
    " place"
)

Run = Callable[..., tuple[int, list[str], str]]
"""Exit code, lines of stdout, stderr."""


def frozen(value: dict[str, Any]) -> Properties:
    """Return a mapping as plans hold it."""
    struct = Struct()
    struct.update(value)
    return wire.decode(struct)


def placed(api: str, kind: str, name: str, namespace: str = "", /, **fields: Any) -> Resource:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    token = f"kubernetes:{api if '/' in api else f'core/{api}'}:{kind}"
    manifest = frozen({"apiVersion": api, "kind": kind, "metadata": metadata, **fields})
    return Resource(urn=f"urn:{token}::{namespace}-{name}", type=token, name=name, inputs=manifest)


def policy(name: str, namespace: str, /, **spec: Any) -> Resource:
    return placed("networking.k8s.io/v1", "NetworkPolicy", name, namespace, spec=spec)


def workload(name: str, namespace: str, labels: dict[str, str], /, **spec: Any) -> Resource:
    template: dict[str, Any] = {"metadata": {"labels": labels}, "spec": {"containers": [], **spec}}
    return placed("apps/v1", "Deployment", name, namespace, spec={"template": template})


DNS = {"namespaceSelector": {}, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}
PLANNED = (
    placed("v1", "Namespace", "shop"),
    placed("v1", "Namespace", "lab"),
    placed("v1", "Secret", "key", "shop", data={wire.SIGNATURE: wire.SECRET, "value": "c2VjcmV0"}),
    policy("closed", "shop", podSelector={}, policyTypes=["Ingress", "Egress"]),
    policy(
        "names",
        "shop",
        podSelector={},
        policyTypes=["Egress"],
        egress=[{"to": [DNS], "ports": [{"port": 53, "protocol": "UDP"}]}],
    ),
    policy(
        "web", "shop", podSelector={"matchLabels": {"app": "db"}},
        ingress=[{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 5432}]}],
    ),
    policy(
        "to-db", "shop", podSelector={"matchLabels": {"app": "web"}}, policyTypes=["Egress"],
        egress=[
            {"to": [{"podSelector": {"matchLabels": {"app": "db"}}}], "ports": [{"port": 5432}]},
            {"to": [{"ipBlock": {"cidr": "2001:db8::/32"}}]},
        ],
    ),
    workload("db", "shop", {"app": "db"}),
    workload("agent", "shop", {"app": "agent"}, hostNetwork=True),
)  # fmt: skip


@pytest.fixture(name="run")
def _run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    monkeypatch.setattr(lazy_sdk, "install", lambda: None)
    monkeypatch.chdir(tmp_path)

    def planned(*_: object, **_options: object) -> Plan:
        return Plan(project="shop", stack="dev", resources=PLANNED)

    def run(*arguments: str) -> tuple[int, list[str], str]:
        monkeypatch.setattr(plan, "of_platform", planned)
        monkeypatch.setattr(sys, "argv", ["seatrial", "explain", "connection", *arguments])
        with pytest.raises(SystemExit) as caught:
            __main__.main()
        captured = capsys.readouterr()
        return int(caught.value.code or 0), captured.out.splitlines(), captured.err

    return run


def test_a_connection_that_both_ends_allow_names_the_policies_that_do(run: Run) -> None:
    assert run("shop/app=web", "shop/db:5432")[:2] == (
        0,
        [
            "shop/app=web[any pod] => shop/db[Deployment] : TCP 5432: allowed",
            f"  egress of shop/app=web[any pod]: isolated by {', '.join(ISOLATING)}; allowed by shop/to-db",
            "  ingress of shop/db[Deployment]: isolated by shop/closed, shop/web; allowed by shop/web",
        ],
    )


def test_one_that_is_stopped_names_those_that_stop_it_and_when_they_dont(run: Run) -> None:
    assert run("lab/*", "shop/db:5432/tcp")[:2] == (
        1,
        [
            "lab/*[any pod] => shop/db[Deployment] : TCP 5432: denied",
            "  egress of lab/*[any pod]: allowed, no policy isolates it",
            "  ingress of shop/db[Deployment]: isolated by shop/closed, shop/web; denied",
            STARTUP,
        ],
    )


def test_what_amazons_plugin_makes_of_the_ends_is_said(run: Run) -> None:
    code, lines, _ = run("lab/*", "shop/agent:80")

    assert (code, lines[0]) == (0, "lab/*[any pod] => shop/agent[Deployment] : TCP 80: allowed")
    assert lines[-1] == (
        "  on EKS: node-address: shop/agent[Deployment]: it has its node's address: pods of the same node reach it, and"
        " it them, whatever policies say"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "first"),
    [
        (
            ("shop/*", "kube-system/coredns:53/udp"),
            0,
            "shop/*[any pod] => kube-system/coredns[Deployment] : UDP 53: allowed",
        ),
        (
            ("shop/*", "kube-system/coredns:53"),
            1,
            "shop/*[any pod] => kube-system/coredns[Deployment] : TCP 53: denied",
        ),
        (
            ("10.0.0.0/8", "lab/*:80"),
            0,
            "10.0.0.0-10.255.255.255[External] => lab/*[any pod] : TCP 80: allowed",
        ),
        (
            ("lab/*", "shop/agent[Deployment]:80"),
            0,
            "lab/*[any pod] => shop/agent[Deployment] : TCP 80: allowed",
        ),
        (
            ("shop/app=web,tier=x", "[2001:db8::1]:443"),
            0,
            "shop/app=web,tier=x[any pod] => 2001:db8::1-2001:db8::1[External] : TCP 443: allowed",
        ),
    ],
)
def test_ends_are_workloads_addresses_and_pods_to_come(
    run: Run, arguments: tuple[str, str], code: int, first: str
) -> None:
    found = run(*arguments)

    assert (found[0], found[1][0]) == (code, first)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("shop/db", "shop/db"), "no port in 'shop/db'\nTIP: write TO:PORT"),
        (("shop/db", ":80"), "no port in ':80'"),
        (("shop/db", "shop/db:http"), "no port in 'shop/db:http'"),
        (("shop/db", "shop/db:99999"), "no port 99999"),
        (("shop/db", "shop/db:80/icmp"), "no protocol 'icmp'"),
        (("shop/d", "shop/db:80"), "no workload 'shop/d'\nTIP: near it: shop/db, shop/agent; namespace/* is any pod"),
        (("shp/*", "shop/db:80"), "no namespace 'shp'\nTIP: the plan has: kube-system, lab, shop"),
        (("shop/=web", "shop/db:80"), "no labels '=web' in 'shop/=web'\nTIP: write namespace/key=value"),
        (("10.0.0.1", "10.0.0.2:80"), "both ends are outside the cluster"),
    ],
)
def test_a_question_that_makes_no_sense_is_a_usage_error(run: Run, arguments: tuple[str, str], error: str) -> None:
    code, lines, errors = run(*arguments)

    assert (code, lines) == (2, [])
    assert errors.startswith(f"ERROR: {error}")
