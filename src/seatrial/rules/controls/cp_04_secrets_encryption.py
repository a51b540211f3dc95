"""CP-04: Kubernetes secrets are wrapped by a key of ours."""

from collections.abc import Iterator

from seatrial.rules.facts.types import CLUSTER, KEY
from seatrial.rules.facts.values import seen, texts
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_KEY = "encryptionConfig.provider.keyArn"


def _examine(view: View) -> Iterator[Observation]:
    for cluster in view.of_type(CLUSTER):
        yield judged(cluster, "encryptionConfig.resources", lambda value: "secrets" in texts(value))
        key = view.references.of(cluster, _KEY, KEY)
        if key.is_unknown:
            yield unknown(cluster, _KEY)
        else:
            yield weighed(cluster, _KEY, is_met=key.one is not None, found=seen(cluster, _KEY))


RULE = Rule(
    id="CP-04",
    severity=Severity.HIGH,
    title="Kubernetes secrets are encrypted with a customer-managed key",
    needs="a cluster",
    why="Who gets hold of etcd, or of a backup of it, reads every secret that no key of yours wraps.",
    allowed="secrets, under a customer-managed key of the plan",
    remedy="the platform does so whatever the description says: `encryption` sets rotation and deletion window",
    sources=(
        *cited(Framework.CIS_EKS, "5.3.1"),
        *cited(Framework.FSBP, "EKS.3"),
        *cited(Framework.PCI, "3.5.1"),
        *cited(Framework.NSA, "C-0066"),
        *cited(Framework.CHECKOV, "CKV_AWS_58"),
        *cited(Framework.TRIVY, "AWS-0039"),
    ),
    examine=_examine,
)
