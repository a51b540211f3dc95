"""``seatrial sweep`` as a person types it; what it asks AWS is tested elsewhere."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial import sweep
from seatrial.cli.__main__ import main
from seatrial.ownership import Kind
from seatrial.sweep import Account, Found, Leftover, Patience, Stay, Swept

PLATFORM = {
    "environment": "staging",
    "environmentSuffix": "stg",
    "region": "eu-central-1",
    "owner": "platform-team",
    "costCenter": "engineering",
    "cluster": {"admins": {"delivery": "arn:aws:iam::123456789012:role/delivery"}},
}
ACCOUNT = Account(id="123456789012", region="eu-central-1", caller="arn:aws:iam::123456789012:user/me", clients=str)
INTERFACE = Leftover(
    kind=Kind.NETWORK_INTERFACE,
    id="eni-1",
    name="aws-K8S-i-1",
    mark="cluster.k8s.amazonaws.com/name=eks-cluster-stg",
    detail="available, in subnet-1",
)
BALANCER = Leftover(
    kind=Kind.LOAD_BALANCER,
    id="arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/k8s-web/1",
    name="k8s-web",
    mark="elbv2.k8s.aws/cluster=eks-cluster-stg",
    detail="network, internal, in vpc-1",
)
VOLUMES = [
    Leftover(
        kind=Kind.VOLUME,
        id=f"vol-{number}",
        name=f"vol-{number}",
        mark="kubernetes.io/cluster/eks-cluster-stg=owned",
        detail="20 GiB, available",
    )
    for number in (1, 22)
]
EVERYTHING = (BALANCER, INTERFACE, *VOLUMES)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: seatrial\nruntime: python\n")
    (tmp_path / "Pulumi.stg.yaml").write_text(yaml.safe_dump({"config": {"seatrial:platform": PLATFORM}}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Aws:
    """What was asked of AWS, and what it has."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.status = ""
        self.leftovers: tuple[Leftover, ...] = EVERYTHING
        self.stays: tuple[Stay, ...] = ()
        self.asked: list[Any] = []
        monkeypatch.setattr(sweep, "enter", self.enter)
        monkeypatch.setattr(sweep, "look", self.look)
        monkeypatch.setattr(sweep, "sweep", self.sweep)

    def enter(self, region: str) -> Account:
        self.asked.append(region)
        return ACCOUNT

    def look(self, account: Account, cluster: str, kinds: tuple[Kind, ...]) -> Found:
        assert account is ACCOUNT
        self.asked.append((cluster, tuple(kinds)))
        return Found(account=account, cluster=cluster, status=self.status, leftovers=self.leftovers)

    def sweep(
        self, _: Account, cluster: str, kinds: list[Kind], patience: Patience, watch: Callable[..., None]
    ) -> Swept:
        self.asked.append((cluster, tuple(kinds), patience.seconds))
        watch(0, 1, "something")
        stuck = [stay.leftover for stay in self.stays]
        gone = [each for each in self.leftovers if each.kind in kinds and each not in stuck]
        return Swept(deleted=tuple(gone), stays=self.stays)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    return Aws(monkeypatch)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[object, str, str]]:
    def typed(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["seatrial", "sweep", "--stack", "stg", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return typed


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return f"{answer}\n"

    monkeypatch.setattr(sys, "stdin", Terminal())


def test_by_default_it_only_tells(aws: Aws, run: Any) -> None:
    code, out, _ = run()

    assert code == 1
    assert out.splitlines() == [
        "eks-cluster-stg in account 123456789012, eu-central-1, as arn:aws:iam::123456789012:user/me",
        "the cluster is gone and has left:",
        "  1 load balancer (elbv2.k8s.aws/cluster=eks-cluster-stg)",
        "    k8s-web  network, internal, in vpc-1",
        "  1 network interface (cluster.k8s.amazonaws.com/name=eks-cluster-stg)",
        "    eni-1  aws-K8S-i-1, available, in subnet-1",
        "  2 volumes, with data (kubernetes.io/cluster/eks-cluster-stg=owned)",
        "    vol-1   20 GiB, available",
        "    vol-22  20 GiB, available",
        "",
        "delete them: seatrial sweep --stack stg --delete; 2 with data stay unless you add --with-data",
    ]
    assert aws.asked == ["eu-central-1", ("eks-cluster-stg", tuple(Kind))]


def test_where_nothing_holds_data_nothing_is_said_of_it(aws: Aws, run: Any) -> None:
    aws.leftovers = (INTERFACE,)

    assert run()[1].splitlines()[-1] == "delete them: seatrial sweep --stack stg --delete"


@pytest.mark.parametrize("arguments", [(), ("--delete",)])
def test_nothing_left_is_well(aws: Aws, run: Any, arguments: tuple[str, ...]) -> None:
    aws.leftovers = ()

    code, out, _ = run(*arguments)

    assert code == 0
    assert out.splitlines()[1:] == ["the cluster is gone and has left nothing"]
    assert len(aws.asked) == 2


def test_as_long_as_the_cluster_is_there_nothing_is_left_over(aws: Aws, run: Any) -> None:
    aws.status, aws.leftovers = "ACTIVE", (BALANCER,)

    code, out, _ = run()

    assert code == 0
    assert "the cluster is ACTIVE, so nothing is left over; its controllers have in the account:" in out
    assert "k8s-web" in out
    assert out.splitlines()[-1].startswith("they go with their Services")


def test_a_cluster_whose_controllers_have_nothing_says_so(aws: Aws, run: Any) -> None:
    aws.status, aws.leftovers = "ACTIVE", ()

    code, out, _ = run()

    assert (code, out.splitlines()[1:]) == (0, ["the cluster is ACTIVE; its controllers have nothing in the account"])


def test_as_long_as_the_cluster_is_there_nothing_is_deleted(aws: Aws, run: Any) -> None:
    aws.status = "DELETING"

    code, _, err = run("--delete", "--yes")

    assert code == 2
    assert "eks-cluster-stg is DELETING" in err
    assert len(aws.asked) == 2


def test_data_stays_unless_it_is_asked_for(aws: Aws, run: Any) -> None:
    code, out, _ = run("--delete", "--yes", "--timeout", "7")

    assert code == 1
    assert out.splitlines() == [
        "deleted  load balancer k8s-web",
        "deleted  network interface eni-1",
        "kept     volume vol-1: it holds data",
        "kept     volume vol-22: it holds data",
        "eks-cluster-stg: 2 deleted, 2 left",
    ]
    kinds = tuple(kind for kind in Kind if kind not in {Kind.VOLUME, Kind.SNAPSHOT})
    assert aws.asked[-1] == ("eks-cluster-stg", kinds, 7)


def test_data_goes_when_it_is_asked_for(aws: Aws, run: Any) -> None:
    code, out, _ = run("--delete", "--with-data", "--yes")

    assert (code, out.splitlines()[-1]) == (0, "eks-cluster-stg: 4 deleted, 0 left")
    assert aws.asked[-1][1] == tuple(Kind)


def test_what_aws_keeps_is_told_with_its_reason(aws: Aws, run: Any) -> None:
    aws.leftovers, aws.stays = (INTERFACE,), (Stay(INTERFACE, "DependencyViolation: in use"),)

    code, out, _ = run("--delete", "--yes")

    assert code == 1
    assert out.splitlines() == [
        "stays    network interface eni-1: DependencyViolation: in use",
        "eks-cluster-stg: 0 deleted, 1 left",
    ]


def test_one_kind_alone(aws: Aws, run: Any) -> None:
    aws.leftovers = tuple(VOLUMES)

    run("--only", "volume", "--only", "snapshot", "--delete", "--with-data", "--yes")

    assert aws.asked[1:] == [
        ("eks-cluster-stg", (Kind.VOLUME, Kind.SNAPSHOT)),
        ("eks-cluster-stg", (Kind.VOLUME, Kind.SNAPSHOT), 300),
    ]


def test_another_cluster_of_the_region(aws: Aws, run: Any) -> None:
    _, out, _ = run("--cluster", "another")

    assert aws.asked[1] == ("another", tuple(Kind))
    assert "seatrial sweep --stack stg --cluster another --delete" in out


@pytest.mark.parametrize(("answer", "code", "asked"), [("y", 0, 3), ("n", 1, 2), ("", 1, 2)])
def test_a_person_sees_what_would_go_and_is_asked(  # noqa: PLR0913, PLR0917
    aws: Aws, run: Any, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, asked: int
) -> None:
    aws.leftovers = (INTERFACE,)
    at_a_terminal(monkeypatch, answer)

    ended, _, err = run("--delete")

    assert (ended, len(aws.asked)) == (code, asked)
    assert "eni-1  aws-K8S-i-1" in err
    assert "delete these from account 123456789012, eu-central-1, for ever?" in err


def test_where_nobody_can_be_asked_one_must_have_said_yes(aws: Aws, run: Any) -> None:
    code, _, err = run("--delete")

    assert code == 2
    assert "--yes" in err
    assert len(aws.asked) == 2


def test_nobody_is_asked_about_nothing(aws: Aws, run: Any) -> None:
    aws.leftovers = tuple(VOLUMES)

    code, out, _ = run("--delete")

    assert (code, out.splitlines()[-1]) == (1, "eks-cluster-stg: 0 deleted, 2 left")


def test_data_alone_can_not_be_asked_for(aws: Aws, run: Any) -> None:
    code, _, err = run("--with-data")

    assert code == 2
    assert "add --delete" in err
    assert aws.asked == []


@pytest.mark.usefixtures("aws")
def test_programs_get_json(run: Any, project: Path) -> None:
    code, out, _ = run("--format", "json", "--output", "left.json")

    assert (code, out) == (1, "")
    document = json.loads((project / "left.json").read_text())
    assert {name: document[name] for name in ("account", "region", "cluster", "status", "caller")} == {
        "account": "123456789012",
        "region": "eu-central-1",
        "cluster": "eks-cluster-stg",
        "status": None,
        "caller": "arn:aws:iam::123456789012:user/me",
    }
    assert document["leftovers"][1] == {
        "kind": "network-interface",
        "id": "eni-1",
        "name": "aws-K8S-i-1",
        "mark": "cluster.k8s.amazonaws.com/name=eks-cluster-stg",
        "detail": "available, in subnet-1",
        "holdsData": False,
        "state": "left",
    }


def test_programs_are_told_what_became_of_each(aws: Aws, run: Any) -> None:
    aws.stays = (Stay(INTERFACE, "ResourceInUse: yes"),)

    code, out, _ = run("--format", "json", "--delete", "--yes")

    rows = {row["id"]: (row["state"], row.get("reason")) for row in json.loads(out)["leftovers"]}
    assert code == 1
    assert rows == {
        "vol-1": ("left", None),
        "vol-22": ("left", None),
        BALANCER.id: ("deleted", None),
        "eni-1": ("stays", "ResourceInUse: yes"),
    }
