"""Instance types, compared with what EC2 answers and with what EKS computes."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial import instances

_REGENERATE = runpy.run_path(str(Path(__file__).with_name("regenerate.py")))
_TYPES: dict[str, dict[str, Any]] = _REGENERATE["described"]()

# From the EKS user guide and amazon-eks-ami's eni-max-pods.txt, with the cap of managed node groups.
_MAX_PODS = [
    ("t3.nano", 4),
    ("t3.small", 11),
    ("t3.medium", 17),
    ("t3a.medium", 17),
    ("m5.large", 29),
    ("m5.xlarge", 58),
    ("m6g.large", 29),
    ("c5.4xlarge", 110),
    ("m5.24xlarge", 250),
    ("p4d.24xlarge", 250),
]


def test_the_table_is_what_the_script_generates() -> None:
    table = Path(instances.__file__).with_name("instance_types.txt")

    assert table.read_text(encoding="ascii") == _REGENERATE["render"]()


@pytest.mark.parametrize("name", sorted(_TYPES)[::7])
def test_a_type_is_what_ec2_says(name: str) -> None:
    told, known = _TYPES[name], instances.find(name)

    assert known is not None
    assert known.name == told["InstanceType"]
    assert known.shape == (told["VCpuInfo"]["DefaultVCpus"], told["MemoryInfo"]["SizeInMiB"])
    assert known.architecture in told["ProcessorInfo"]["SupportedArchitectures"]
    assert known.addresses == told["NetworkInfo"]["Ipv4AddressesPerInterface"]
    assert known.interfaces == told["NetworkInfo"]["NetworkCards"][0]["MaximumNetworkInterfaces"]
    assert known.nitro == (told["BareMetal"] or told["Hypervisor"] == "nitro")
    assert (known.accelerator == "nvidia") == ("GpuInfo" in told)
    assert (known.accelerator == "neuron") == ("NeuronInfo" in told)


def test_every_type_is_found_by_its_name() -> None:
    assert [known.name for known in instances.every()] == sorted(_TYPES)
    assert all(instances.find(known.name) == known for known in instances.every())


@pytest.mark.parametrize(
    "name", ["", "t3", "t3.", "t3.medium ", "t3.medium 2", "\nt3.medium", "T3.medium", "mac1.metal", "# name.vcpu"]
)
def test_what_is_no_type_is_not_found(name: str) -> None:
    assert instances.find(name) is None


@given(name=st.text())
def test_finding_never_fails(name: str) -> None:
    known = instances.find(name)

    assert known is None or known.name == name


@pytest.mark.parametrize(("name", "near"), [("t3.meduim", "t3.medium"), ("m5large", "m5.large"), ("qwertz", "")])
def test_the_nearest_type(name: str, near: str) -> None:
    assert instances.nearest(name) == near


@pytest.mark.parametrize(("name", "pods"), _MAX_PODS)
def test_most_pods_are_those_that_eks_computes(name: str, pods: int) -> None:
    known = instances.find(name)

    assert known is not None
    assert known.max_pods() == pods


@pytest.mark.parametrize(
    ("name", "pods"), [("t3.nano", 34), ("t3.medium", 110), ("m5.24xlarge", 250), ("m4.large", 20)]
)
def test_prefixes_raise_the_pods_of_nitro_types_to_the_cap(name: str, pods: int) -> None:
    known = instances.find(name)

    assert known is not None
    assert known.max_pods(prefix_delegation=True) == pods


@pytest.mark.parametrize(
    ("name", "single", "prefixes"),
    [
        # 15 pods and 3 interfaces; 108 pods in 7 blocks of 16 and 2 interfaces of 5 blocks each.
        ("t3.medium", 18, 114),
        # 2 pods and 2 interfaces; 32 pods in 2 blocks and 2 interfaces.
        ("t3.nano", 4, 34),
        # Capped at 250 pods: 248 over 6 interfaces; 16 blocks on one.
        ("m5.24xlarge", 254, 257),
    ],
)
def test_a_full_node_takes_an_address_for_each_pod_and_interface(name: str, single: int, prefixes: int) -> None:
    known = instances.find(name)

    assert known is not None
    assert known.max_addresses() == single
    assert known.max_addresses(prefix_delegation=True) == prefixes


def test_a_full_node_never_takes_more_addresses_than_its_interfaces_hold() -> None:
    for known in instances.every():
        assert known.max_pods() - instances.HOST_NETWORK_PODS <= known.max_addresses()
        assert known.max_addresses() <= known.interfaces * known.addresses


def test_the_table_is_read_when_it_is_asked_for() -> None:
    program = "import sys; from seatrial import instances; sys.exit(instances._table.cache_info().currsize)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
