"""Only volumes that hold configuration, scratch space or storage of the cluster's own."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod, Volume
from seatrial.semantics.pod_security.wording import counted, use

_ALLOWED = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
_FORBIDDEN = (
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "nfs",
    "iscsi",
    "glusterfs",
    "rbd",
    "flexVolume",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "storageos",
)
"""The volume types that messages name, in the order in which one of several is named."""


def _decide(pod: Pod) -> Forbidden | None:
    volumes = [volume for volume in pod.volumes if not volume.sources & _ALLOWED]
    if not volumes:
        return None
    names = [volume.name for volume in volumes]
    types = sorted({_type(volume) for volume in volumes})
    return Forbidden(
        "restricted volume types",
        f"{counted('volume', names)} {use(names)} {counted('restricted volume type', types)}",
    )


def _type(volume: Volume) -> str:
    return next((name for name in _FORBIDDEN if name in volume.sources), "unknown")


CHECK = Check(id="restrictedVolumes", level=Level.RESTRICTED, revisions=((0, _decide),), overrides="hostPathVolumes")
