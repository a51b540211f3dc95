"""NP-05: in production a pod has no moment in which no policy holds for it, or somebody answers for that moment."""

from collections.abc import Iterator

from seatrial.plan import Value
from seatrial.rules.facts.addons import configured
from seatrial.rules.facts.types import ADDON
from seatrial.rules.facts.values import at, text, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_MODE = "NETWORK_POLICY_ENFORCING_MODE"


def _examine(view: View) -> Iterator[Observation]:
    for addon in view.of_type(ADDON):
        if at(addon, "addonName") == "vpc-cni":
            yield judged(addon, "configurationValues", _is_strict)


def _is_strict(values: Value) -> bool:
    return text(within(configured(values), f"env.{_MODE}")) == "strict"


RULE = Rule(
    id="NP-05",
    severity=Severity.LOW,
    title="In production a new pod is isolated from its first moment",
    needs="the add-on vpc-cni",
    why=(
        "In the standard mode a new pod may send and receive everything until its policies are in place, for a second "
        "or more. The strict mode starts it isolated, and needs policies for every pod of kube-system too: without "
        "them names and add-ons stop."
    ),
    allowed=f"{_MODE} strict in the environment of vpc-cni, or a waiver that says why the moment is bearable",
    remedy="write policies for all that runs in kube-system before you turn it on, or keep the waiver of this rule",
    sources=(
        *cited(Framework.AWS, "Limit Pod traffic with Kubernetes network policies"),
        *cited(Framework.ISSUE, "aws/aws-network-policy-agent#271", "aws/aws-network-policy-agent#83"),
    ),
    examine=_examine,
    production_only=True,
)
