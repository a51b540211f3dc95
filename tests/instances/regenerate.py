"""Write ``instance_types.txt`` anew from moto's copy of what EC2's DescribeInstanceTypes answers.

Run from the root of the repository: ``.venv/bin/python tests/instances/regenerate.py``.
"""

import gzip
import json
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from seatrial import instances

HEADER = """\
# EC2 instance types that run Linux containers, from moto {version} (EC2 DescribeInstanceTypes, August 2026).
# name vCPU memory(MiB) architecture interfaces(first card) IPv4(each interface) hypervisor accelerator
"""


def described() -> dict[str, dict[str, Any]]:
    """Read moto's copy, without the Macs, on which EKS runs nothing."""
    packed = files("moto").joinpath("ec2/resources/instance_types.json.gz").read_bytes()
    types: dict[str, dict[str, Any]] = json.loads(gzip.decompress(packed))
    return {name: facts for name, facts in types.items() if not name.startswith("mac")}


def render() -> str:
    """Give the whole text of the table."""
    lines = (_line(name, facts) for name, facts in sorted(described().items()))
    return HEADER.format(version=version("moto")) + "\n".join(lines) + "\n"


def _line(name: str, facts: dict[str, Any]) -> str:
    network = facts["NetworkInfo"]
    card = network["NetworkCards"][network["DefaultNetworkCardIndex"]]
    values = (
        name,
        facts["VCpuInfo"]["DefaultVCpus"],
        facts["MemoryInfo"]["SizeInMiB"],
        facts["ProcessorInfo"]["SupportedArchitectures"][-1],
        card["MaximumNetworkInterfaces"],
        network["Ipv4AddressesPerInterface"],
        "nitro" if facts["BareMetal"] or facts.get("Hypervisor") == "nitro" else "xen",
        "nvidia" if "GpuInfo" in facts else "neuron" if "NeuronInfo" in facts else "-",
    )
    return " ".join(map(str, values))


if __name__ == "__main__":
    Path(instances.__file__).with_name("instance_types.txt").write_text(render(), encoding="ascii")
