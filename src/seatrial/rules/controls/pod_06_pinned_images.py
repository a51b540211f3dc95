"""POD-06: images come from registries that are trusted, and are the same tomorrow."""

import re
from collections.abc import Iterator

from seatrial.rules.containers import Fault, judge_containers
from seatrial.rules.facts.pods import Container
from seatrial.rules.facts.values import is_unknown, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import UNTOLD
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_REGISTRIES = re.compile(
    r"public\.ecr\.aws|registry\.k8s\.io|[0-9]{12}\.dkr(\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?"
    r"|-ecr(-fips)?\.[a-z0-9-]+\.on\.(aws|amazonwebservices\.com\.cn))"
)
_VERSION = re.compile(r"(?!.*latest).*[0-9].*")
"""A tag that a build made, or a person for one: those that move are words."""


def _examine(view: View) -> Iterator[Observation]:
    yield from judge_containers(view, _faults, "a pinned image of a trusted registry")


def _faults(container: Container) -> Iterator[Fault]:
    if is_unknown(container.values.get("image")):
        yield "image", UNTOLD
        return
    image = text(container.values.get("image"))
    name, _, digest = image.partition("@")
    registry, _, path = name.partition("/")
    if not path or not _REGISTRIES.fullmatch(registry):
        yield "image", f"{image or 'no image'}, of no registry that is trusted"
    elif not digest and not _VERSION.fullmatch(path.partition(":")[2]):
        yield "image", f"{image}, which another image can be tomorrow"


RULE = Rule(
    id="POD-06",
    severity=Severity.MEDIUM,
    title="Images are pinned, and of trusted registries",
    needs="a pod or a workload",
    why="A tag that moves brings in code that nobody tried, on some nodes only; a stranger's registry, anybody's code.",
    allowed="a digest, or a tag of a version, from public.ecr.aws, registry.k8s.io or a registry of ECR",
    remedy="name a version or a digest, and copy images of other registries into ECR",
    sources=(
        *cited(Framework.CIS_EKS, "5.1.4"),
        *cited(Framework.CHECKOV, "CKV_K8S_14", "CKV_K8S_43"),
        *cited(Framework.TRIVY, "KSV-0013", "KSV-0035", "KSV-0125"),
        *cited(Framework.KUBESCAPE, "C-0078"),
    ),
    examine=_examine,
)
