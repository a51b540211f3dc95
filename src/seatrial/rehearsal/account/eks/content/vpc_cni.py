"""The network plugin: a DaemonSet with plugin and network policy agent, and the kinds that both work with.

Facts: aws/amazon-vpc-cni-k8s, ``charts/aws-vpc-cni``.
"""

from collections.abc import Iterator

from seatrial.rehearsal.account.eks.content import workloads
from seatrial.rehearsal.account.eks.content.installation import Installation
from seatrial.rehearsal.account.emulator import Record

_LABELS = {"k8s-app": "aws-node"}

_RESOURCES = {"requests": {"cpu": "25m"}}

_AGENT = "v1.2.7-eksbuild.1"
"""Version of the network policy agent."""

_ENVIRONMENT = {
    "AWS_VPC_ENI_MTU": "9001",
    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "false",
    "AWS_VPC_K8S_CNI_EXTERNALSNAT": "false",
    "AWS_VPC_K8S_CNI_LOGLEVEL": "DEBUG",
    "DISABLE_METRICS": "false",
    "ENABLE_IPv4": "true",
    "ENABLE_IPv6": "false",
    "ENABLE_POD_ENI": "false",
    "ENABLE_PREFIX_DELEGATION": "false",
    "NETWORK_POLICY_ENFORCING_MODE": "standard",
    "WARM_ENI_TARGET": "1",
    "WARM_PREFIX_TARGET": "1",
}

_MOUNTS = {
    "cni-bin-dir": "/host/opt/cni/bin",
    "cni-net-dir": "/host/etc/cni/net.d",
    "log-dir": "/host/var/log/aws-routed-eni",
    "run-dir": "/var/run/aws-node",
}

_HOST = {
    "cni-bin-dir": "/opt/cni/bin",
    "cni-net-dir": "/etc/cni/net.d",
    "log-dir": "/var/log/aws-routed-eni",
    "run-dir": "/var/run/aws-node",
    "bpf-pin-path": "/sys/fs/bpf",
}


def objects(add_on: Installation) -> Iterator[Record]:
    """Give everything that the add-on puts into a cluster."""
    enforces = str(add_on.values.get("enableNetworkPolicy", "false"))
    yield from _definitions()
    yield workloads.service_account("aws-node", _LABELS, add_on.role)
    yield workloads.config_map("amazon-vpc-cni", _LABELS, {"enable-network-policy-controller": enforces})
    yield workloads.daemon_set("aws-node", _LABELS, workloads.pod(_LABELS, add_on.values, _pod(add_on, enforces)))


def _definitions() -> Iterator[Record]:
    yield workloads.definition("crd.k8s.amazonaws.com", "v1alpha1", "ENIConfig", "eniconfigs", scope="Cluster")
    yield workloads.definition("vpcresources.k8s.aws", "v1alpha1", "CNINode", "cninodes", scope="Cluster")
    yield workloads.definition("networking.k8s.aws", "v1alpha1", "PolicyEndpoint", "policyendpoints", has_status=True)


def _pod(add_on: Installation, enforces: str) -> Record:
    return {
        "serviceAccountName": "aws-node",
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "terminationGracePeriodSeconds": 10,
        "tolerations": workloads.EVERYWHERE,
        "affinity": workloads.on_linux("fargate", "hybrid", "auto"),
        "initContainers": [_initial(add_on)],
        "containers": [_plugin(add_on), _agent(add_on.part("nodeAgent"), enforces)],
        "volumes": workloads.host_paths(_HOST),
    }


def _initial(add_on: Installation) -> Record:
    variables = {
        "DISABLE_TCP_EARLY_DEMUX": "false",
        "ENABLE_IPv6": "false",
        **add_on.part("init").values.get("env", {}),
    }
    return workloads.container(
        "aws-vpc-cni-init",
        add_on.image("amazon-k8s-cni-init"),
        _RESOURCES,
        env=workloads.environment(variables),
        securityContext={"privileged": True},
        volumeMounts=workloads.mounts({"cni-bin-dir": _MOUNTS["cni-bin-dir"]}),
    )


def _plugin(add_on: Installation) -> Record:
    variables = {**_ENVIRONMENT, "CLUSTER_NAME": add_on.cluster, "CLUSTER_ENDPOINT": add_on.endpoint}
    return workloads.container(
        "aws-node",
        add_on.image("amazon-k8s-cni"),
        workloads.resources(add_on.values, _RESOURCES),
        ports=[{"name": "metrics", "containerPort": 61678}],
        env=[
            *workloads.environment({**variables, **add_on.values.get("env", {})}),
            workloads.from_field("MY_NODE_NAME", "spec.nodeName"),
        ],
        securityContext={"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}},
        volumeMounts=workloads.mounts(_MOUNTS),
    )


def _agent(add_on: Installation, enforces: str) -> Record:
    return workloads.container(
        "aws-eks-nodeagent",
        add_on.image("amazon/aws-network-policy-agent", _AGENT),
        workloads.resources(add_on.values, _RESOURCES),
        args=[
            "--enable-ipv6=false",
            f"--enable-network-policy={enforces}",
            f"--enable-cloudwatch-logs={add_on.values.get('enableCloudWatchLogs', 'false')}",
            f"--enable-policy-event-logs={add_on.values.get('enablePolicyEventLogs', 'false')}",
            f"--metrics-bind-addr={add_on.values.get('metricsBindAddr', ':8162')}",
            f"--health-probe-bind-addr={add_on.values.get('healthProbeBindAddr', ':8163')}",
        ],
        securityContext={"privileged": True, "capabilities": {"add": ["NET_ADMIN"]}},
        env=[workloads.from_field("MY_NODE_NAME", "spec.nodeName")],
        volumeMounts=workloads.mounts({"bpf-pin-path": "/sys/fs/bpf", "log-dir": "/var/log/aws-routed-eni"}),
    )
