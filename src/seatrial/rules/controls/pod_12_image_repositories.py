"""POD-12: repositories of images keep what was pushed, look into it, encrypt it and throw away the old."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.values import at, is_true
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_REPOSITORY = "aws:ecr/repository:Repository"
_LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"


def _examine(view: View) -> Iterator[Observation]:
    for repository in view.of_type(_REPOSITORY):
        yield judged(repository, "imageTagMutability", lambda value: value == "IMMUTABLE", "IMMUTABLE")
        yield judged(repository, "imageScanningConfiguration.scanOnPush", is_true, "true")
        yield judged(repository, "encryptionConfigurations[0].encryptionType", lambda value: value == "KMS", "KMS")
        yield _lifecycle(view, repository)


def _lifecycle(view: View, repository: Resource) -> Observation:
    policies = view.of_type(_LIFECYCLE)
    targets = [view.references.of(each, "repository", _REPOSITORY) for each in policies]
    is_met = any(repository in target.resources for target in targets)
    if not is_met and any(target.is_unknown for target in targets):
        return unknown(repository, "lifecycle")
    name = at(repository, "name")
    is_met = is_met or any(at(each, "repository") == name for each in policies)
    found = "a lifecycle policy" if is_met else "no lifecycle policy"
    return weighed(repository, "lifecycle", is_met=is_met, found=found, allowed="a lifecycle policy")


RULE = Rule(
    id="POD-12",
    severity=Severity.MEDIUM,
    title="Repositories of images are immutable, scanned, encrypted and tidied",
    needs="a repository of ECR",
    why="A tag that can be pushed again brings other code under a name that was tried.",
    allowed="tags that are immutable, a scan on push, a KMS key, a lifecycle policy",
    remedy="set them on the repository that the program adds; the platform itself makes none",
    sources=(
        *cited(Framework.CIS_EKS, "5.1.1", "5.1.2"),
        *cited(Framework.CHECKOV, "CKV_AWS_51", "CKV_AWS_136", "CKV_AWS_163"),
        *cited(Framework.TRIVY, "AWS-0030", "AWS-0031", "AWS-0033"),
    ),
    examine=_examine,
)
