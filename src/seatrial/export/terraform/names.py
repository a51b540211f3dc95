"""What Terraform's provider calls the types and the properties that Pulumi's, which is built on it, has renamed."""

import re
from typing import Final

from seatrial.export.terraform.renamed_types import RENAMED
from seatrial.export.terraform.repeated import REPEATED

_EDGE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

MAPS: Final = frozenset({"labels", "tags", "tagsAll", "variables"})
"""Properties whose value has keys of the user's own; every other object is a block."""


def type_name(token: str) -> str:
    """Return Terraform's name of a type: ``aws:ec2/vpc:Vpc`` is ``aws_vpc``.

    What isn't known to be renamed is named by the rule: service and type, in lower case.
    """
    path = token.split(":")[1]
    known = max((each for each in RENAMED if _begins(path, each)), key=len, default="")
    words = ("aws", RENAMED.get(known, ""), *path[len(known) :].split("/"))
    return "_".join(_snake(word) for word in words if word)


def _begins(path: str, words: str) -> bool:
    """Tell whether whole words are the first of a path: ``ec2`` isn't of ``ec2transitgateway/route``."""
    return path.startswith(words) and re.match(r"[a-z0-9]", path[len(words) :]) is None


def attribute(property_: str) -> str:
    """Return Terraform's name of a property: ``enableDnsSupport`` is ``enable_dns_support``, ``rules`` is ``rule``."""
    name = _snake(property_)
    return _singular(name) if property_ in REPEATED else name


def local_name(name: str) -> str:
    """Return a name that Terraform takes for a resource: letters, digits, dashes, not first a digit or a dash."""
    text = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    return text if re.match(r"[A-Za-z_]", text) else f"_{text}"


def _singular(words: str) -> str:
    if words.endswith("ies"):
        return f"{words[:-3]}y"
    return words[:-2] if words.endswith(("shes", "xes", "buses")) else words[:-1]


def _snake(text: str) -> str:
    return _EDGE.sub("_", text).lower()
