import runpy
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pulumi
import pytest

from seatrial import plan, program
from seatrial.components import lookup
from seatrial.components.kubernetes_object import KubernetesObject
from seatrial.config import load_platform, parse_platform
from seatrial.errors import ConfigError, Fault
from seatrial.plan import Plan

Planned = Callable[..., Plan]

ENTRY = Path(__file__).parents[2] / "__main__.py"
DESCRIPTION = {
    "environment": "test",
    "environmentSuffix": "test",
    "owner": "team",
    "costCenter": "cc",
    "kubernetes": {"enabled": False},
}


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, object]], None]:
    """Let Pulumi's configuration hold a description."""

    def configure(document: Mapping[str, object]) -> None:
        def require_object(_config: pulumi.Config, key: str) -> object:
            return {"platform": document}[key]

        monkeypatch.setattr(pulumi.Config, "require_object", require_object)

    return configure


def test_the_program_exports_what_it_builds(
    planned: Planned, configured: Callable[[Mapping[str, object]], None]
) -> None:
    configured({**DESCRIPTION, "tags": {"Extra": "yes"}})

    def exporting() -> None:
        program.run()

    run = plan.run(exporting, project="seatrial", stack="test")

    assert run.outputs == planned().outputs


def test_the_entry_point_runs_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[bool] = []
    monkeypatch.setattr(program, "run", lambda: ran.append(True))

    runpy.run_path(str(ENTRY), run_name="__main__")

    assert ran == [True]


def test_a_wrong_description_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise ConfigError([Fault("network.nat", "never", "none, single"), Fault("owner", "(missing)", "a team")])

    monkeypatch.setattr(program, "run", refuse)

    with pytest.raises(SystemExit) as stopped:
        runpy.run_path(str(ENTRY), run_name="__main__")

    assert stopped.value.code == 1
    assert capsys.readouterr().err == (
        "network.nat: found never; allowed: none, single\nowner: found (missing); allowed: a team\n"
    )


def test_a_region_with_too_few_zones_is_told_as_a_fault(monkeypatch: pytest.MonkeyPatch, planned: Planned) -> None:
    def answer(**_arguments: object) -> SimpleNamespace:
        return SimpleNamespace(names=["us-east-2a"])

    monkeypatch.setattr(lookup, "get_availability_zones", answer)

    with pytest.raises(ConfigError) as refused:
        planned(project="few-zones")

    assert [fault.path for fault in refused.value.faults] == ["network.zoneCount"]
    assert refused.value.faults[0].found == "3"
    assert "at most 1" in refused.value.faults[0].allowed


def test_zones_that_eks_can_t_use_are_not_asked_for(monkeypatch: pytest.MonkeyPatch, planned: Planned) -> None:
    asked: dict[str, object] = {}

    def answer(**arguments: object) -> SimpleNamespace:
        asked.update(arguments)
        return SimpleNamespace(names=["us-east-2c", "us-east-2b", "us-east-2a"])

    monkeypatch.setattr(lookup, "get_availability_zones", answer)

    found = planned(project="other-zones", network={"zoneCount": 2})

    assert asked["exclude_zone_ids"] == ["use1-az3", "usw1-az2", "cac1-az3"]
    assert asked["state"] == "available"
    assert found.outputs["availabilityZones"] == '["us-east-2a", "us-east-2b"]'


def test_named_zones_are_held_to_those_of_the_region(planned: Planned) -> None:
    with pytest.raises(ConfigError) as refused:
        planned(region="us-east-1", network={"zones": ["us-east-1a", "us-east-1e", "us-east-1x"]})

    there = "us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1f"
    allowed = f"zones of the region that this account can use for EKS: {there}"
    assert refused.value.faults == (
        Fault("network.zones[1]", "us-east-1e", allowed),
        Fault("network.zones[2]", "us-east-1x", allowed),
    )


def test_a_named_zone_is_kept_while_it_is_impaired(monkeypatch: pytest.MonkeyPatch, planned: Planned) -> None:
    asked: list[object] = []

    def answer(**arguments: object) -> SimpleNamespace:
        asked.append(arguments["state"])
        return SimpleNamespace(names=["us-east-2a", "us-east-2b"])

    monkeypatch.setattr(lookup, "get_availability_zones", answer)

    found = planned(project="named-zones", network={"zones": ["us-east-2b", "us-east-2a"]})

    assert asked == [None]
    assert found.outputs["availabilityZones"] == '["us-east-2b", "us-east-2a"]'


@pytest.mark.parametrize(
    ("region", "hint"),
    [
        ("us-easter-2", "did you mean us-east-2?"),
        ("zz-nowhere-1", "a newer release may know it; `pulumi up` asks AWS instead"),
    ],
)
def test_a_region_whose_zones_a_plan_does_not_know_is_a_fault(region: str, hint: str) -> None:
    with pytest.raises(ConfigError) as refused:
        plan.of_platform(parse_platform({**DESCRIPTION, "region": region}), project="seatrial", stack="test")

    (fault,) = refused.value.faults
    assert (fault.path, fault.found, fault.hint) == ("region", region, hint)


def test_the_stack_files_of_the_project_are_planned_whole() -> None:
    for stack in ("dev", "prod"):
        file = ENTRY.parent / f"Pulumi.{stack}.yaml"
        found = plan.run(lambda file=file: program.build(load_platform(file)), project="seatrial", stack=stack)

        assert found.outputs["environmentSuffix"] == stack
        assert found.outputs["clusterName"] == f"eks-cluster-{stack}"


def _options(*, owns_in_aws: bool) -> tuple[list[str], str]:
    """Plan the platform with a ConfigMap of one's own; say what it waits for, and what it is deleted with."""
    tenants = {"shop": {"podSecurity": "restricted", "access": "read-only"}}
    admins = {"delivery": "arn:aws:iam::123456789012:role/delivery"}
    kubernetes = {"irsaDemo": {"enabled": False}}
    document = {**DESCRIPTION, "tenants": tenants, "cluster": {"admins": admins}, "kubernetes": kubernetes}
    own = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "own", "namespace": "shop"}}

    def build() -> None:
        inside = program.make(parse_platform(document)).in_cluster
        assert inside is not None
        KubernetesObject("own", own, inside.options("shop", owns_in_aws=owns_in_aws))

    planned = plan.run(build, project="seatrial", stack="test")
    (found,) = [each for each in planned if each.name == "own"]
    return [urn.rpartition("::")[2] for urn in found.dependencies], found.deleted_with.rpartition("::")[2]


def test_an_object_of_one_s_own_waits_for_its_namespace_and_goes_with_it() -> None:
    needs, goes_with = _options(owns_in_aws=False)

    assert "shop-namespace-test" in needs
    assert "shop-default-deny-networkpolicy-test" in needs
    assert goes_with == "shop-namespace-test"


def test_what_has_something_in_aws_is_deleted_for_real() -> None:
    assert _options(owns_in_aws=True)[1] == ""


_PLAIN = """
import pkgutil, sys
import seatrial.program
import pulumi_aws

for service in {name.split(".")[1] for name in sys.modules if name.startswith("pulumi_aws.") and name.count(".") == 2}:
    package = getattr(pulumi_aws, service)
    for module in [name for name in sys.modules if name.startswith(f"pulumi_aws.{service}.")]:
        if module.rpartition(".")[2] not in {"outputs", "_enums", "_inputs"}:
            missing = [each for each in getattr(sys.modules[module], "__all__", ()) if not hasattr(package, each)]
            assert not missing, (module, missing)
            print(module)
"""


def test_programs_that_go_on_find_every_class_where_the_sdk_has_it() -> None:
    """Importing a class by its module must not keep it from its package, as users know it: `pulumi_aws.iam.Role`."""
    done = subprocess.run([sys.executable, "-c", _PLAIN], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "pulumi_aws.iam.role" in done.stdout.splitlines()
