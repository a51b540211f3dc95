"""Partitions of AWS: accounts, identities and names of one mean nothing in another."""

from collections.abc import Mapping

STANDARD = "aws"
"""The partition of all regions that aren't set apart."""

_DNS_SUFFIX = "amazonaws.com"

_SET_APART: Mapping[str, tuple[str, str]] = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
    "us-gov-": ("aws-us-gov", _DNS_SUFFIX),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
}
"""How regions begin that are set apart, their partition and the end of its hosts (AWS SDKs, partitions.json)."""


def partition(region: str) -> str:
    """Return the partition that a region belongs to, ``aws``."""
    return next((name for prefix, (name, _) in _SET_APART.items() if region.startswith(prefix)), STANDARD)


def dns_suffix(partition: str) -> str:
    """Return the end of the host names of a partition's services."""
    return dict(_SET_APART.values()).get(partition, _DNS_SUFFIX)
