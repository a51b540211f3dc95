"""Nodes, as the kubelets of EKS's Amazon Linux 2023 images register them; kwok stands in for the kubelets.

Labels: EKS user guide ("Managed node groups") and the well-known labels of Kubernetes. What is reserved of a machine is
computed as nodeadm does (awslabs/amazon-eks-ami, ``nodeadm/internal/kubelet/config.go``). Of its nominal memory 7.5 %
never reach the system: Karpenter's default for the same.
"""

import hashlib
from typing import Any, cast

from seatrial import instances
from seatrial.instances import InstanceType
from seatrial.rehearsal.account.eks import fleet, launch_templates
from seatrial.rehearsal.account.eks.fleet import Machine
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record

_LOST_MEMORY = 0.075
"""Part of an instance's nominal memory that hypervisor and kernel take."""

_EVICTION_MIB = 100
"""Memory below which pods are evicted."""

_STORAGE_KEPT = 0.9
"""Part of the disk that pods may fill before they are evicted."""

_GIB = 1024**3

_CPU_RESERVED = ((0, 1_000, 600), (1_000, 2_000, 100), (2_000, 4_000, 50), (4_000, 10**9, 25))
"""From and to which thousandth of a processor how many ten-thousandths of it are reserved."""

_DISK = 20
"""GiB of the root volume when nothing else was asked for (EKS user guide)."""

_EFFECTS = {"NO_SCHEDULE": "NoSchedule", "PREFER_NO_SCHEDULE": "PreferNoSchedule", "NO_EXECUTE": "NoExecute"}

_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}

_FALLBACK = "t3.medium"
"""What stands for a type that isn't known."""


def name_of_instance(service: Service, cluster: str, instance: str) -> str:
    """Give the name of the node on an instance; empty when there is none."""
    return next((m.name for m in fleet.machines(service, cluster) if m.instance == instance), "")


def node(machine: Machine, running: str, *, prefix_delegation: bool) -> Record:
    """Give a machine's node; ``running`` is the version of the control plane."""
    template = launch_templates.data(machine.group)
    kind = _kind(machine, template)
    pods = kind.max_pods(prefix_delegation=prefix_delegation)
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": machine.name,
            "labels": _labels(machine, kind, template),
            "annotations": {
                "kwok.x-k8s.io/node": "fake",
                "alpha.kubernetes.io/provided-node-ip": machine.address,
                "volumes.kubernetes.io/controller-managed-attach-detach": "true",
            },
        },
        "spec": {
            "providerID": f"aws:///{machine.subnet['AvailabilityZone']}/{machine.instance}",
            **_taints(machine.group),
        },
        "status": {
            "addresses": _addresses(machine),
            "capacity": _capacity(kind, pods, _disk(machine.group, template)),
            "allocatable": _allocatable(kind, pods, _disk(machine.group, template)),
            "nodeInfo": _information(machine, kind, running),
        },
    }


def _kind(machine: Machine, template: Record) -> InstanceType:
    """Choose the type: the first that the group names; of Spot groups any, and always the same for an instance."""
    named = machine.group.get("instanceTypes") or [template.get("InstanceType", _FALLBACK)]
    spot = machine.group["capacityType"] == "SPOT"
    number = int(hashlib.sha256(machine.instance.encode()).hexdigest(), 16) if spot else 0
    found = instances.find(named[number % len(named)]) or instances.find(_FALLBACK)
    return cast(InstanceType, found)


def _labels(machine: Machine, kind: InstanceType, template: Record) -> dict[str, str]:
    group, subnet = machine.group, machine.subnet
    zone = subnet["AvailabilityZone"]
    named = group.get("launchTemplate")
    by_template = {"id": "sourceLaunchTemplateId", "version": "sourceLaunchTemplateVersion"}
    return {
        "kubernetes.io/hostname": machine.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": _ARCHITECTURES[kind.architecture],
        "beta.kubernetes.io/os": "linux",
        "beta.kubernetes.io/arch": _ARCHITECTURES[kind.architecture],
        "beta.kubernetes.io/instance-type": kind.name,
        "node.kubernetes.io/instance-type": kind.name,
        "topology.kubernetes.io/region": zone[:-1],
        "topology.kubernetes.io/zone": zone,
        "topology.k8s.aws/zone-id": subnet["AvailabilityZoneId"],
        "eks.amazonaws.com/nodegroup": group["nodegroupName"],
        "eks.amazonaws.com/capacityType": group["capacityType"],
        "eks.amazonaws.com/nodegroup-image": template.get("ImageId") or _image(group),
        **({f"eks.amazonaws.com/{label}": named[member] for member, label in by_template.items()} if named else {}),
        **group.get("labels", {}),
    }


def _image(group: Record) -> str:
    """Give an id for EKS's own image: the same for the same release."""
    release = f"{group['amiType']} {group.get('releaseVersion', '')}"
    return f"ami-{hashlib.sha256(release.encode()).hexdigest()[:17]}"


def _taints(group: Record) -> Record:
    taints = [
        {"key": taint["key"], "value": taint.get("value", ""), "effect": _EFFECTS[taint["effect"]]}
        for taint in group.get("taints", [])
    ]
    return {"taints": taints} if taints else {}


def _addresses(machine: Machine) -> list[dict[str, str]]:
    named = {"InternalIP": machine.address, "InternalDNS": machine.name, "Hostname": machine.name}
    return [{"type": kind, "address": address} for kind, address in named.items()]


def _disk(group: Record, template: Record) -> int:
    """Give the size of the root volume in GiB."""
    mappings = cast("list[Record]", template.get("BlockDeviceMappings", []))
    sizes = [mapping["Ebs"]["VolumeSize"] for mapping in mappings if mapping.get("Ebs", {}).get("VolumeSize")]
    return int(sizes[0] if sizes else group.get("diskSize", _DISK))


def _memory(kind: InstanceType) -> int:
    """Give the memory that the system sees, in KiB."""
    return int(kind.memory_mib * 1024 * (1 - _LOST_MEMORY))


def _capacity(kind: InstanceType, pods: int, disk: int) -> dict[str, str]:
    return {
        "cpu": str(kind.vcpus),
        "memory": f"{_memory(kind)}Ki",
        "ephemeral-storage": f"{disk * 1024 * 1024}Ki",
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        "pods": str(pods),
    }


def _allocatable(kind: InstanceType, pods: int, disk: int) -> dict[str, str]:
    memory = _memory(kind) - (reserved_memory(pods) + _EVICTION_MIB) * 1024
    return {
        **_capacity(kind, pods, disk),
        "cpu": f"{kind.vcpus * 1000 - reserved_cpu(kind.vcpus)}m",
        "memory": f"{memory}Ki",
        "ephemeral-storage": str(int(disk * _GIB * _STORAGE_KEPT) - _GIB),
    }


def reserved_cpu(vcpus: int) -> int:
    """Compute what is reserved of a machine's processors, in thousandths of one."""
    total = vcpus * 1000
    return sum(max(min(total, end) - start, 0) * share // 10_000 for start, end, share in _CPU_RESERVED)


def reserved_memory(pods: int) -> int:
    """Compute what is reserved of a machine's memory, in MiB; it depends on how many pods may run."""
    return 11 * pods + 255


def _information(machine: Machine, kind: InstanceType, running: str) -> dict[str, Any]:
    version = machine.group["version"]
    kubelet = running if running.startswith(f"{version}.") else f"{version}.0"
    digest = hashlib.sha256(machine.instance.encode()).hexdigest()
    bottlerocket = machine.group["amiType"].startswith("BOTTLEROCKET")
    return {
        "architecture": _ARCHITECTURES[kind.architecture],
        "bootID": _uuid(digest),
        "containerRuntimeVersion": "containerd://2.1.5",
        "kernelVersion": f"6.12.58-82.121.amzn2023.{'aarch64' if kind.architecture == 'arm64' else 'x86_64'}",
        "kubeProxyVersion": "",
        "kubeletVersion": f"v{kubelet}-eks-seatrial",
        "machineID": f"ec2{digest[:29]}",
        "operatingSystem": "linux",
        "osImage": "Bottlerocket OS" if bottlerocket else "Amazon Linux 2023",
        "systemUUID": f"ec2{_uuid(digest[::-1])[3:]}",
    }


def _uuid(digest: str) -> str:
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
