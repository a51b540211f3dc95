"""The scalars of a description: what AWS and Kubernetes accept, and how to say so."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator

from seatrial import instances, names
from seatrial.config import addresses, kubernetes_names, node_labels, quantities
from seatrial.config.allowed import Allowed, Refusal, matching

_TAG_TEXT = re.compile(r"[\w .:/=+\-@]*")
_TAG_WORDS = "letters, digits, spaces and _ . : / = + - @"
_TAG_KEY_MAX = 128
_TAG_VALUE_MAX = names.TAG_VALUE_MAX
_PLATFORM_TAGS = {key.casefold() for key in (*names.PLATFORM_TAGS, "Name")}
_RESERVED_TAGS = ("aws:", "kubernetes.io/", "k8s.io/", "eks:")
_SUFFIX = r"[a-z0-9](-?[a-z0-9])*"
_REGION = r"[a-z]{2,4}(-[a-z]+)+-[1-9]"
_VERSION = r"1\.[1-9][0-9]"
_ADDON_VERSION = r"v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+"
_REGISTRY = r"[0-9]{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?"
_GROUP_KEY = r"[a-z](-?[a-z0-9])*"
_RULE = r"[A-Z]+-[0-9]{2}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_REASON_LEAST = 10
_REASON_MOST = 500
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:(user|role)/[\w+=,.@/-]+", re.ASCII)


def _suffix(text: str) -> Refusal | None:
    if len(text) > names.SUFFIX_MAX:
        return Refusal(f"it has {len(text)} characters; an IAM role's name may have 64, the suffix included")
    return matching(_SUFFIX)(text)


def _tag_mistaken(text: str) -> Refusal | None:
    """Refuse what the load balancer controller's chart, which writes tags into YAML without quotes, breaks on."""
    if ": " in text or text.endswith(":"):
        return Refusal("leave out the space after the colon, or the colon: a chart that gets it takes it for a mapping")
    return None


def _tag_key(text: str) -> Refusal | None:
    if "=" in text:
        return Refusal("leave out the =: the load balancer controller would take it for the end of the key")
    if text.casefold() in _PLATFORM_TAGS:
        return Refusal("the platform sets this tag itself, and AWS IAM doesn't tell upper from lower case in keys")
    if text.casefold().startswith(_RESERVED_TAGS):
        return Refusal(f"{text.partition(':')[0].partition('/')[0]} is reserved")
    return _tag_mistaken(text) if 1 <= len(text) <= _TAG_KEY_MAX and _TAG_TEXT.fullmatch(text) else Refusal()


def _tag_value(text: str) -> Refusal | None:
    return _tag_mistaken(text) if len(text) <= _TAG_VALUE_MAX and _TAG_TEXT.fullmatch(text) else Refusal()


def _tag_text(text: str) -> Refusal | None:
    return _tag_value(text) if text.strip() else Refusal()


def _instance_type(text: str) -> Refusal | None:
    if instances.find(text):
        return None
    near = instances.nearest(text)
    return Refusal(f"did you mean {near}?" if near else "")


def _principal(text: str) -> Refusal | None:
    if _PRINCIPAL.fullmatch(text):
        return None
    if ":assumed-role/" in text:
        return Refusal("that is a session, which ends: give the role, arn:aws:iam::<account>:role/<name>")
    if "*" in text:
        return Refusal("EKS knows no wildcards here: name each role")
    return Refusal("the account itself can't be one: name a role" if text.endswith(":root") else "")


def _reason(text: str) -> Refusal | None:
    if len(text.strip()) >= _REASON_LEAST and len(text) <= _REASON_MOST:
        return None
    return Refusal("say why the finding is acceptable, so that somebody else can judge it")


def _day(text: str) -> Refusal | None:
    if not re.fullmatch(_DAY, text):
        return Refusal()
    try:
        date.fromisoformat(text)
    except ValueError:
        return Refusal("the calendar has no such day")
    return None


def _whole(value: object) -> object:
    """Refuse what Python takes for a number and YAML doesn't: True is 1, and 90.0 is 90."""
    if type(value) is not int:
        raise ValueError("not a whole number")
    return value


RetentionDays = Annotated[
    Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
    BeforeValidator(_whole),
]
"""Days, as CloudWatch Logs accepts them (API reference, PutRetentionPolicy)."""

Suffix = Annotated[
    str,
    Allowed(
        f"1 to {names.SUFFIX_MAX} lower-case letters, digits and single hyphens between them",
        _suffix,
        rf"^{_SUFFIX}$",
    ),
]
"""End of every AWS name."""

Region = Annotated[str, Allowed("an AWS region, such as us-east-2", matching(_REGION), rf"^{_REGION}$")]
"""Code of a region. Its shape only: AWS adds regions faster than a table follows."""

TagKey = Annotated[str, Allowed(f"a tag key of your own: 1 to {_TAG_KEY_MAX} {_TAG_WORDS}", _tag_key)]
"""Key of a tag (IAM user guide, "Rules for tagging")."""

TagValue = Annotated[str, Allowed(f"text of up to {_TAG_VALUE_MAX} {_TAG_WORDS}", _tag_value)]
"""Value of a tag."""

TagText = Annotated[str, Allowed(f"text of 1 to {_TAG_VALUE_MAX} {_TAG_WORDS}", _tag_text)]
"""Value of one of the platform's own tags, which says something."""

VpcCidr = Annotated[str, Allowed(addresses.VPC.text, addresses.VPC.refusal)]
"""Range of a VPC."""

ServiceCidr = Annotated[str, Allowed(addresses.SERVICES.text, addresses.SERVICES.refusal)]
"""Range of Kubernetes services."""

PublicCidr = Annotated[str, Allowed(addresses.CLIENTS.text, addresses.CLIENTS.refusal)]
"""Range of clients on the internet."""

ZoneName = Annotated[
    str, Allowed("an availability zone, such as us-east-2a", matching(rf"{_REGION}[a-z]"), rf"^{_REGION}[a-z]$")
]
"""Name of an availability zone."""

KubernetesVersion = Annotated[
    str, Allowed('a Kubernetes minor version in quotes, such as "1.36"', matching(_VERSION), rf"^{_VERSION}$")
]
"""Minor version of Kubernetes."""

AddonVersion = Annotated[
    str,
    Allowed("a version of the add-on, such as v1.20.4-eksbuild.1", matching(_ADDON_VERSION), rf"^{_ADDON_VERSION}$"),
]
"""Version of an EKS add-on."""

AdminName = Annotated[
    str,
    Allowed(
        "a name of 1 to 32 lower-case letters, digits and single hyphens, a letter first",
        matching(rf"(?=.{{1,32}}$){_GROUP_KEY}"),
    ),
]
"""Name of an administrator, a part of resource names."""

PrincipalArn = Annotated[str, Allowed("the ARN of an IAM role or user", _principal)]
"""ARN of who may be given access (EKS user guide, "Create access entries")."""

GroupKey = Annotated[
    str,
    Allowed(
        "a name of lower-case letters, digits and single hyphens, a letter first",
        matching(_GROUP_KEY),
    ),
]
"""Name of a node group in the description, a part of resource names."""

InstanceType = Annotated[str, Allowed("an EC2 instance type, such as t3.medium", _instance_type)]
"""Name of an instance type."""

Namespace = Annotated[str, Allowed(kubernetes_names.NAMESPACE, kubernetes_names.namespace)]
"""Name of a team's namespace."""

KubernetesGroup = Annotated[str, Allowed(kubernetes_names.GROUP, kubernetes_names.group)]
"""Name of a group of people in Kubernetes."""

Cpu = Annotated[str, Allowed(quantities.CPU, quantities.cpu, rf"^{quantities.CPU_PATTERN}$")]
"""Processor time, as Kubernetes writes it."""

Bytes = Annotated[str, Allowed(quantities.BYTES, quantities.size, rf"^{quantities.BYTES_PATTERN}$")]
"""Memory or storage, as Kubernetes writes it."""

RegistryHost = Annotated[
    str,
    Allowed(
        "the host of a registry of ECR, such as 123456789012.dkr.ecr.us-east-2.amazonaws.com",
        matching(_REGISTRY),
        rf"^{_REGISTRY}$",
    ),
]
"""Host of a private registry."""

LabelKey = Annotated[str, Allowed(node_labels.LABEL_KEY, node_labels.label_key)]
"""Key of a label or a taint."""

LabelValue = Annotated[str, Allowed(node_labels.LABEL_VALUE, node_labels.label_value)]
"""Value of a label."""

TaintValue = Annotated[str, Allowed(node_labels.LABEL_VALUE, node_labels.label_value)]
"""Value of a taint."""

RuleId = Annotated[str, Allowed("the id of a rule, such as CP-01", matching(_RULE), rf"^{_RULE}$")]
"""Id of a rule of the checks."""

ResourceGlob = Annotated[
    str, Allowed("the name or URN of a resource, with * and ? as wildcards", matching(r"\S+"), r"^\S+$")
]
"""Pattern of the resources that a waiver covers."""

Reason = Annotated[str, Allowed(f"a sentence of {_REASON_LEAST} to {_REASON_MOST} characters", _reason)]
"""Why something is accepted."""

Day = Annotated[str, Allowed('a day in quotes, such as "2027-01-31"', _day, rf"^{_DAY}$")]
"""A day of the calendar."""
