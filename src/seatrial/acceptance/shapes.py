"""The forms that AWS gives to what it names: ARNs, resource ids, regions, versions."""

import re
from dataclasses import dataclass
from typing import Final

REGION: Final = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
"""``us-east-2``, ``us-gov-west-1``."""

ADDON_VERSION: Final = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")
"""``v1.20.4-eksbuild.1``: the upstream version and EKS's build of it."""

KUBERNETES_VERSION: Final = re.compile(r"1\.\d{2}")
"""A minor as EKS names it: ``1.36``."""

CHART_VERSION: Final = re.compile(r"v?\d+\.\d+\.\d+")
"""``3.5.0``: one version of a chart, not a range of them."""

_ARN: Final = re.compile(
    r"arn:(?P<partition>aws(?:-[a-z]+)*):(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account>\d{12}):(?P<resource>.+)"
)


@dataclass(frozen=True, slots=True)
class Arn:
    """An Amazon Resource Name in its parts."""

    partition: str
    """``aws``, ``aws-cn``, ``aws-us-gov``."""
    service: str
    """``eks``."""
    region: str
    """Empty for a global service such as IAM."""
    account: str
    """Twelve digits."""
    resource: str
    """What follows the account: ``cluster/eks-cluster-dev``."""


def parse_arn(text: str) -> Arn | None:
    """Take an ARN apart; None when the text is not one of a resource in an account."""
    match = _ARN.fullmatch(text)
    return Arn(**match.groupdict()) if match else None


def is_id(kind: str, text: str) -> bool:
    """Tell whether the text is an EC2 resource id such as ``vpc-0a1b2c3d4e5f60718``, of 8 or 17 hexadecimal digits."""
    return re.fullmatch(rf"{re.escape(kind)}-(?:[0-9a-f]{{8}}|[0-9a-f]{{17}})", text) is not None
