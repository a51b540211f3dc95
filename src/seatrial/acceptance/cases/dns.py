"""Names in the cluster: the DNS service, what answers it, the cache on the nodes."""

from ipaddress import IPv4Address, IPv4Network
from typing import Final

from seatrial.acceptance.applicability import nothing_in_cluster
from seatrial.acceptance.model import Case
from seatrial.acceptance.outputs import MalformedOutputError, Outputs

_TENTH: Final = 10
"""EKS gives the DNS service the tenth address of the service range (EKS user guide); a range begins with a zero."""

_SERVER: Final = "coredns"
_ROUTER: Final = "kube-proxy"


def _cache_off(outputs: Outputs) -> str | None:
    if nothing := nothing_in_cluster(outputs):
        return nothing
    off = outputs["nodeLocalDnsEnabled"] == "false"
    return "NodeLocal DNSCache is off (nodeLocalDnsEnabled is 'false')" if off else None


def _tenth(outputs: Outputs) -> str | None:
    found = _address(outputs)
    if int(found) % 256 == _TENTH:
        return None
    return f"dnsServiceIp is {found}; expected the tenth address of the service range, such as 172.20.0.{_TENTH}"


def _private(outputs: Outputs) -> str | None:
    found = _address(outputs)
    return None if found.is_private else f"dnsServiceIp is {found}; expected a private address"


def _outside_vpc(outputs: Outputs) -> str | None:
    found, vpc = _address(outputs), _vpc(outputs)
    if found not in vpc:
        return None
    return f"dnsServiceIp is {found}, which lies in the VPC's {vpc}; expected an address outside of it"


def _answered(outputs: Outputs) -> str | None:
    there = _SERVER in outputs.map_of("addonVersions")
    return None if there else f"addonVersions does not name {_SERVER}; expected it to answer {outputs['dnsServiceIp']}"


def _cache_told(outputs: Outputs) -> str | None:
    found = outputs["nodeLocalDnsEnabled"]
    return None if found in {"true", "false"} else f"nodeLocalDnsEnabled is {found!r}; expected 'true' or 'false'"


def _cache_reachable(outputs: Outputs) -> str | None:
    there = _ROUTER in outputs.map_of("addonVersions")
    return (
        None if there else f"addonVersions does not name {_ROUTER}, whose iptables rules NodeLocal DNSCache works with"
    )


def _cache_account(outputs: Outputs) -> str | None:
    there = "kube-system/node-local-dns" in outputs.items_of("serviceAccounts")
    return None if there else "serviceAccounts does not name kube-system/node-local-dns"


def _address(outputs: Outputs) -> IPv4Address:
    try:
        return IPv4Address(outputs["dnsServiceIp"])
    except ValueError as error:
        raise MalformedOutputError(f"dnsServiceIp is {outputs['dnsServiceIp']!r}, which is no IPv4 address") from error


def _vpc(outputs: Outputs) -> IPv4Network:
    try:
        return IPv4Network(outputs["vpcCidrBlock"], strict=False)
    except ValueError as error:
        raise MalformedOutputError(f"vpcCidrBlock is {outputs['vpcCidrBlock']!r}, which is no IPv4 range") from error


CASES: Final = (
    Case(
        row=9,
        name="the DNS service has the tenth address of its range",
        check=_tenth,
        not_applicable=nothing_in_cluster,
    ),
    Case(row=9, name="the DNS service's address is private", check=_private, not_applicable=nothing_in_cluster),
    Case(
        row=9,
        name="the DNS service's address is outside the VPC",
        check=_outside_vpc,
        not_applicable=nothing_in_cluster,
    ),
    Case(row=9, name="CoreDNS stands behind the DNS service", check=_answered, not_applicable=nothing_in_cluster),
    Case(
        row=9,
        name="the stack says whether NodeLocal DNSCache is on",
        check=_cache_told,
        not_applicable=nothing_in_cluster,
    ),
    Case(row=9, name="NodeLocal DNSCache has kube-proxy beside it", check=_cache_reachable, not_applicable=_cache_off),
    Case(row=9, name="NodeLocal DNSCache has a service account", check=_cache_account, not_applicable=_cache_off),
)
