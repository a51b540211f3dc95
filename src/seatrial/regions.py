"""Regions of AWS, their availability zones, and the partitions whose accounts and identities mean nothing elsewhere.

Dated data: regions in which EKS runs and their zones as AWS's documentation and moto listed them in August 2026.
"""

from collections.abc import Mapping

STANDARD = "aws"
"""The partition of all regions that aren't set apart."""

CHINA = "aws-cn"
"""The partition of the regions in China."""

_DNS_SUFFIX = "amazonaws.com"

_SET_APART: Mapping[str, tuple[str, str]] = {
    "cn-": (CHINA, "amazonaws.com.cn"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
    "us-gov-": ("aws-us-gov", _DNS_SUFFIX),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
}
"""How regions begin that are set apart, their partition and the end of its hosts (AWS SDKs, partitions.json)."""

_ZONES: Mapping[str, str] = {
    "af-south-1": "afs1 a1 b2 c3",
    "ap-east-1": "ape1 a1 b2 c3",
    "ap-east-2": "ape2 a1 b2 c3",
    "ap-northeast-1": "apne1 a4 c1 d2",
    "ap-northeast-2": "apne2 a1 b2 c3 d4",
    "ap-northeast-3": "apne3 a1 b2 c3",
    "ap-south-1": "aps1 a1 b3 c2",
    "ap-south-2": "aps2 a1 b2 c3",
    "ap-southeast-1": "apse1 a1 b2 c3",
    "ap-southeast-2": "apse2 a1 b3 c2",
    "ap-southeast-3": "apse3 a1 b2 c3",
    "ap-southeast-4": "apse4 a1 b2 c3",
    "ap-southeast-5": "apse5 a1 b2 c3",
    "ap-southeast-6": "apse6 a1 b2 c3",
    "ap-southeast-7": "apse7 a1 b2 c3",
    "ca-central-1": "cac1 a1 b2 d4",
    "ca-west-1": "caw1 a1 b2 c3",
    "cn-north-1": "cnn1 a1 b2",
    "cn-northwest-1": "cnnw1 a1 b2 c3",
    "eu-central-1": "euc1 a1 b2 c3",
    "eu-central-2": "euc2 a1 b2 c3",
    "eu-north-1": "eun1 a1 b2 c3",
    "eu-south-1": "eus1 a1 b2 c3",
    "eu-south-2": "eus2 a1 b2 c3",
    "eu-west-1": "euw1 a3 b1 c2",
    "eu-west-2": "euw2 a2 b3 c1",
    "eu-west-3": "euw3 a1 b2 c3",
    "il-central-1": "ilc1 a1 b2 c3",
    "me-central-1": "mec1 a1 b2 c3",
    "me-south-1": "mes1 a1 b2 c3",
    "mx-central-1": "mxc1 a1 b2 c3",
    "sa-east-1": "sae1 a1 b2 c3",
    "us-east-1": "use1 a6 b1 c2 d4 e3 f5",
    "us-east-2": "use2 a1 b2 c3",
    "us-gov-east-1": "usge1 a1 b2 c3",
    "us-gov-west-1": "usgw1 a1 b2 c3",
    "us-west-1": "usw1 a3 b1",
    "us-west-2": "usw2 a2 b1 c3 d4",
}
"""Region to the beginning of its zone ids, then each zone's letter and the number of its id (one account's mapping)."""

NAMES = tuple(_ZONES)
"""Every region of the table."""


def partition(region: str) -> str:
    """Return the partition that a region belongs to, ``aws``."""
    return next((name for prefix, (name, _) in _SET_APART.items() if region.startswith(prefix)), STANDARD)


def dns_suffix(partition: str) -> str:
    """Return the end of the host names of a partition's services."""
    return dict(_SET_APART.values()).get(partition, _DNS_SUFFIX)


def zones(region: str) -> Mapping[str, str]:
    """Return the zones of a region, name to id, in order of name; none of a region that the table hasn't."""
    prefix, *marks = _ZONES.get(region, "-").split()
    return {f"{region}{mark[0]}": f"{prefix}-az{mark[1]}" for mark in marks}


def zone_id(zone: str) -> str:
    """Return the id of a zone; empty when there is none of that name."""
    return zones(zone[:-1]).get(zone, "")
