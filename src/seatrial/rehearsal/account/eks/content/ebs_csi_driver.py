"""The EBS CSI driver: controller, node part and its registration (kubernetes-sigs/aws-ebs-csi-driver, ``deploy``)."""

from collections.abc import Iterator

from seatrial.rehearsal.account.eks.content import workloads
from seatrial.rehearsal.account.eks.content.installation import Installation
from seatrial.rehearsal.account.emulator import Record

DRIVER = "ebs.csi.aws.com"
"""The driver's name, which StorageClasses have as provisioner."""

_NAME = {"app.kubernetes.io/name": "aws-ebs-csi-driver"}
_CONTROLLER = {**_NAME, "app": "ebs-csi-controller"}
_NODE = {**_NAME, "app": "ebs-csi-node"}

_RESOURCES = {"limits": {"memory": "256Mi"}, "requests": {"cpu": "10m", "memory": "40Mi"}}

_SIDECARS = {
    "csi-provisioner": "v5.3.0-eksbuild.4",
    "csi-attacher": "v4.10.0-eksbuild.4",
    "csi-snapshotter": "v8.3.0-eksbuild.4",
    "csi-resizer": "v1.14.0-eksbuild.4",
    "livenessprobe": "v2.17.0-eksbuild.4",
}
"""Containers beside the driver in the controller, and their versions."""

_REGISTRAR = "v2.15.0-eksbuild.4"

_SOCKETS = {"socket-dir": "/csi"}

_TOLERATIONS: list[Record] = [
    *workloads.CRITICAL,
    {"operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
]


def objects(add_on: Installation) -> Iterator[Record]:
    """Give everything that the add-on puts into a cluster."""
    yield _driver()
    yield workloads.service_account("ebs-csi-node-sa", _NAME)
    node = add_on.part("node")
    yield workloads.daemon_set("ebs-csi-node", _NODE, workloads.pod(_NODE, node.values, _node(node)))
    if not add_on.values.get("nodeComponentOnly"):
        yield from _control(add_on)
    if add_on.part("defaultStorageClass").values.get("enabled"):
        yield _storage_class()


def _driver() -> Record:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "CSIDriver",
        "metadata": {"name": DRIVER, "labels": _NAME},
        "spec": {"attachRequired": True, "podInfoOnMount": False, "fsGroupPolicy": "File"},
    }


def _storage_class() -> Record:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": "ebs-csi-default-sc",
            "labels": _NAME,
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        "provisioner": DRIVER,
        "volumeBindingMode": "WaitForFirstConsumer",
        "allowVolumeExpansion": True,
    }


def _control(add_on: Installation) -> Iterator[Record]:
    controller, name = add_on.part("controller"), "ebs-csi-controller"
    yield workloads.service_account("ebs-csi-controller-sa", _NAME, add_on.role)
    replicas = int(controller.values.get("replicaCount", 2))
    template = workloads.pod(_CONTROLLER, controller.values, _controller(controller))
    yield workloads.deployment(name, _CONTROLLER, replicas, template)
    yield from workloads.disruption_budget(name, _CONTROLLER, controller)


def _controller(add_on: Installation) -> Record:
    sidecars = [
        workloads.container(
            name,
            add_on.image(f"eks/{name}", version),
            _RESOURCES,
            args=["--csi-address=/csi/csi.sock", "--leader-election=true"][: 1 if name == "livenessprobe" else 2],
            volumeMounts=workloads.mounts(_SOCKETS),
            securityContext=_confined(),
        )
        for name, version in _SIDECARS.items()
    ]
    return {
        "serviceAccountName": "ebs-csi-controller-sa",
        "priorityClassName": "system-cluster-critical",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": _TOLERATIONS,
        "affinity": workloads.apart(_CONTROLLER),
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 1000},
        "containers": [_plugin(add_on), *sidecars],
        "volumes": [{"name": "socket-dir", "emptyDir": {}}],
    }


def _confined() -> Record:
    return {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True}


def _plugin(add_on: Installation) -> Record:
    tags = add_on.values.get("extraVolumeTags", {})
    listed = [f"--extra-tags={','.join(f'{key}={value}' for key, value in tags.items())}"] if tags else []
    return workloads.container(
        "ebs-plugin",
        add_on.image("eks/aws-ebs-csi-driver"),
        workloads.resources(add_on.values, _RESOURCES),
        args=[
            "controller",
            "--endpoint=unix:///csi/csi.sock",
            *listed,
            f"--k8s-tag-cluster-id={add_on.cluster}",
            "--v=2",
        ],
        env=[
            *workloads.environment({"AWS_REGION": add_on.region}),
            workloads.from_field("CSI_NODE_NAME", "spec.nodeName"),
        ],
        ports=[{"name": "healthz", "containerPort": 9808}],
        livenessProbe=workloads.probe("/healthz", "healthz", initialDelaySeconds=10, failureThreshold=5),
        readinessProbe=workloads.probe("/healthz", "healthz", initialDelaySeconds=10, failureThreshold=5),
        volumeMounts=workloads.mounts(_SOCKETS),
        securityContext=_confined(),
    )


def _node(add_on: Installation) -> Record:
    folder = "/var/lib/kubelet"
    paths = {
        "kubelet-dir": folder,
        "plugin-dir": f"{folder}/plugins/{DRIVER}/",
        "registration-dir": f"{folder}/plugins_registry/",
        "device-dir": "/dev",
    }
    everywhere = add_on.values.get("tolerateAllTaints", True)
    return {
        "serviceAccountName": "ebs-csi-node-sa",
        "priorityClassName": "system-node-critical",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": workloads.EVERYWHERE if everywhere else _TOLERATIONS,
        "affinity": workloads.on_linux("fargate", "auto", "hybrid"),
        "securityContext": {"runAsNonRoot": False, "runAsUser": 0, "runAsGroup": 0, "fsGroup": 0},
        "containers": _node_containers(add_on),
        "volumes": workloads.host_paths(paths),
    }


def _node_containers(add_on: Installation) -> list[Record]:
    limit = add_on.values.get("volumeAttachLimit")
    arguments = ["node", "--endpoint=unix:/csi/csi.sock", *([f"--volume-attach-limit={limit}"] if limit else [])]
    kept = [{"name": "kubelet-dir", "mountPath": "/var/lib/kubelet", "mountPropagation": "Bidirectional"}]
    plugin = workloads.container(
        "ebs-plugin",
        add_on.image("eks/aws-ebs-csi-driver"),
        workloads.resources(add_on.values, _RESOURCES),
        args=[*arguments, "--v=2"],
        env=[workloads.from_field("CSI_NODE_NAME", "spec.nodeName")],
        ports=[{"name": "healthz", "containerPort": 9808}],
        volumeMounts=[*kept, *workloads.mounts({"plugin-dir": "/csi", "device-dir": "/dev"})],
        securityContext={"privileged": True, "readOnlyRootFilesystem": True},
    )
    registrar = workloads.container(
        "node-driver-registrar",
        add_on.image("eks/csi-node-driver-registrar", _REGISTRAR),
        _RESOURCES,
        args=["--csi-address=/csi/csi.sock", f"--kubelet-registration-path=/var/lib/kubelet/plugins/{DRIVER}/csi.sock"],
        volumeMounts=workloads.mounts({"plugin-dir": "/csi", "registration-dir": "/registration"}),
        securityContext=_confined(),
    )
    probe = workloads.container(
        "liveness-probe",
        add_on.image("eks/livenessprobe", _SIDECARS["livenessprobe"]),
        _RESOURCES,
        args=["--csi-address=/csi/csi.sock"],
        volumeMounts=workloads.mounts({"plugin-dir": "/csi"}),
        securityContext=_confined(),
    )
    return [plugin, registrar, probe]
