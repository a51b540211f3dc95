"""The typed description of a platform."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Model(BaseModel):
    """Frozen, camelCase in YAML, snake_case here, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Nat(StrEnum):
    """How private subnets reach the internet."""

    NONE = "none"
    SINGLE = "single"
    PER_ZONE = "per-zone"
    REGIONAL = "regional"


class FlowLogs(Model):
    enabled: bool = True
    retention_days: int = 90


class Network(Model):
    cidr_block: str = "10.0.0.0/16"
    zone_count: int = 3
    zones: tuple[str, ...] = ()
    nat: Nat = Nat.PER_ZONE
    flow_logs: FlowLogs = FlowLogs()
    interface_endpoints: bool = False


class Encryption(Model):
    rotation_days: int = 365
    deletion_window_days: int = 30


class Endpoint(Model):
    public: bool = False
    public_access_cidrs: tuple[str, ...] = ()


class Cluster(Model):
    version: str = "1.36"
    endpoint: Endpoint = Endpoint()
    service_cidr: str = "172.20.0.0/16"
    log_retention_days: int = 90
    deletion_protection: bool = False
    support_type: str = "STANDARD"
    zonal_shift: bool = True
    admins: Mapping[str, str] = Field(default_factory=dict)
    """Name to IAM principal ARN of the people and pipelines that administer the cluster."""


class Taint(Model):
    key: str
    value: str
    effect: str


class NodeGroup(Model):
    capacity_type: str = "ON_DEMAND"
    instance_types: tuple[str, ...] = ("t3.medium",)
    ami_type: str = "AL2023_x86_64_STANDARD"
    min_size: int = 1
    desired_size: int = 2
    max_size: int = 4
    disk_size_gib: int = 50
    labels: Mapping[str, str] = Field(default_factory=dict)
    taints: tuple[Taint, ...] = ()
    max_unavailable_percentage: int = 33
    node_repair: bool = True


class Addon(Model):
    """One EKS managed add-on."""

    enabled: bool = True
    version: str | None = None
    """``v1.20.4-eksbuild.1``; None takes EKS's default for the cluster's Kubernetes minor."""


class Addons(Model):
    vpc_cni: "VpcCni"
    kube_proxy: Addon
    pod_identity_agent: Addon
    coredns: "CoreDns"
    ebs_csi: Addon
    metrics_server: Addon
    snapshot_controller: Addon  # off by default


class Platform(Model):
    environment: str
    environment_suffix: str
    region: str = "us-east-2"
    project: str = "seatrial"
    owner: str
    cost_center: str
    tags: Mapping[str, str] = Field(default_factory=dict)
    network: Network = Network()
    encryption: Encryption = Encryption()
    cluster: Cluster = Cluster()
    node_groups: Mapping[str, NodeGroup] = Field(default_factory=dict)
    """default: spot (SPOT, t3.medium + t3a.medium, labels node-type=spot workload=stateless …) and on-demand (t3.medium)"""
    addons: Addons
