"""What is described when little is said, and how the two shipped stacks differ."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from seatrial.config import AmiType, CapacityType, Nat, Network, Platform, SupportType, load_platform

_ROOT = Path(__file__).parents[2]
_TODAY = date(2026, 11, 22)


def _load(stack: str) -> Platform:
    return load_platform(_ROOT / f"Pulumi.{stack}.yaml", today=_TODAY)


def test_defaults_are_the_safe_choice(accept: Callable[[str], Platform]) -> None:
    platform = accept("")

    assert platform.region == "us-east-2"
    assert not platform.cluster.endpoint.public
    assert platform.cluster.support_type is SupportType.STANDARD
    assert platform.cluster.admins == {}
    assert platform.network.nat is Nat.PER_ZONE
    assert platform.network.zone_count == 3
    assert platform.network.flow_logs.enabled
    assert platform.addons.vpc_cni.network_policy
    assert platform.addons.coredns.replicas == 2
    assert not platform.addons.snapshot_controller.enabled


def test_the_default_groups_are_spot_and_on_demand(accept: Callable[[str], Platform]) -> None:
    groups = accept("").node_groups

    assert list(groups) == ["spot", "on-demand"]
    assert groups["spot"].capacity_type is CapacityType.SPOT
    assert groups["spot"].instance_types == ("t3.medium", "t3a.medium")
    on_demand = groups["on-demand"]
    assert (on_demand.min_size, on_demand.desired_size, on_demand.max_size) == (1, 2, 4)
    assert all({"node-type", "workload"} == set(group.labels) for group in groups.values())


def test_a_platform_is_frozen(accept: Callable[[str], Platform]) -> None:
    platform = accept("")

    with pytest.raises(ValidationError):
        platform.region = "eu-west-1"  # pyright: ignore[reportAttributeAccessIssue] (frozen: that is the point)


def test_sections_are_built_by_their_python_names() -> None:
    assert Network(nat=Nat.NONE).interface_endpoints
    assert not Network(nat=Nat.NONE, interface_endpoints=False).interface_endpoints
    assert Network(zones=("us-east-2a", "us-east-2b")).zone_count == 2
    assert Network(zones=("us-east-2a", "us-east-2b"), zone_count=3).zone_count == 3


@pytest.mark.parametrize("ami_type", AmiType)
def test_operating_systems_tell_what_they_run_on(ami_type: AmiType) -> None:
    assert ami_type.architecture == ("arm64" if "ARM" in ami_type.name else "x86_64")
    assert ami_type.bottlerocket == ami_type.name.startswith("BOTTLEROCKET")
    assert ami_type.accelerator.upper() == next((maker for maker in ("NVIDIA", "NEURON") if maker in ami_type.name), "")


def test_production_outlives_the_loss_of_a_zone_and_of_a_key() -> None:
    dev, prod = _load("dev"), _load("prod")

    assert (dev.network.zone_count, prod.network.zone_count) == (2, 3)
    assert (dev.network.nat, prod.network.nat) == (Nat.SINGLE, Nat.PER_ZONE)
    assert (dev.cluster.log_retention_days, prod.cluster.log_retention_days) == (30, 365)
    assert (dev.network.flow_logs.retention_days, prod.network.flow_logs.retention_days) == (30, 365)
    assert (dev.cluster.deletion_protection, prod.cluster.deletion_protection) == (False, True)
    assert (dev.encryption.deletion_window_days, prod.encryption.deletion_window_days) == (7, 30)
    assert dev.network.cidr_block != prod.network.cidr_block
    assert dev.environment_suffix != prod.environment_suffix


def test_development_is_mostly_spot_and_production_is_not() -> None:
    assert _spot_share(_load("dev")) >= 0.5
    assert _spot_share(_load("prod")) < 0.5


def _spot_share(platform: Platform) -> float:
    groups = platform.node_groups.values()
    spot = sum(group.desired_size for group in groups if group.capacity_type is CapacityType.SPOT)
    return spot / sum(group.desired_size for group in groups)


def test_importing_the_description_reads_and_imports_little() -> None:
    program = """
import sys
import seatrial.config
from seatrial import instances
heavy = {"pulumi", "pulumi_aws", "boto3", "ministack", "typer", "rich"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0 if instances._table.cache_info().currsize <= 1 else "read twice")
"""

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (result.returncode, result.stderr) == (0, "")
