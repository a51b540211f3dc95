"""No folder of the node."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod
from seatrial.semantics.pod_security.wording import counted


def _decide(pod: Pod) -> Forbidden | None:
    names = [volume.name for volume in pod.volumes if "hostPath" in volume.sources]
    return Forbidden("hostPath volumes", counted("volume", names)) if names else None


CHECK = Check(id="hostPathVolumes", level=Level.BASELINE, revisions=((0, _decide),))
