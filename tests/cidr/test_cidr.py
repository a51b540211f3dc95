"""The cut of a VPC: disjoint, inside, stable."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial import cidr


def _around(host: int, prefix: int) -> IPv4Network:
    return IPv4Network((host, prefix), strict=False)


_VPCS = st.builds(
    _around,
    st.integers(min_value=0x0A000000, max_value=0x0AFFFFFF),
    st.integers(min_value=16, max_value=22),
)
_ZONE_COUNTS = st.integers(min_value=1, max_value=cidr.MAX_ZONES)


def _networks(vpc: IPv4Network, zone_count: int) -> list[IPv4Network]:
    zones = cidr.zone_subnets(str(vpc), zone_count)
    return [IPv4Network(block) for zone in zones for block in (zone.public, zone.private)]


@given(vpc=_VPCS, zone_count=_ZONE_COUNTS)
def test_subnets_are_disjoint_and_inside_the_vpc(vpc: IPv4Network, zone_count: int) -> None:
    networks = _networks(vpc, zone_count)

    assert len(networks) == 2 * zone_count
    assert all(network.subnet_of(vpc) for network in networks)
    assert not any(one.overlaps(other) for one, other in combinations(networks, 2))


@given(vpc=_VPCS)
def test_zones_keep_their_subnets_when_one_is_added(vpc: IPv4Network) -> None:
    two, three = cidr.zone_subnets(str(vpc), 2), cidr.zone_subnets(str(vpc), 3)

    assert three[:2] == two


@given(vpc=_VPCS, zone_count=_ZONE_COUNTS)
def test_private_subnets_are_a_quarter_and_public_ones_small(vpc: IPv4Network, zone_count: int) -> None:
    for zone in cidr.zone_subnets(str(vpc), zone_count):
        private, public = IPv4Network(zone.private), IPv4Network(zone.public)

        assert private.num_addresses * 4 == vpc.num_addresses
        assert 4 * public.num_addresses <= private.num_addresses
        # AWS allows /16 to /28; a load balancer wants a /27 with eight addresses free.
        assert 16 <= private.prefixlen <= 28
        assert 24 <= public.prefixlen <= 27


@pytest.mark.parametrize(
    ("vpc", "public", "private"),
    [
        ("10.0.0.0/16", "10.0.192.0/24", "10.0.0.0/18"),
        ("10.0.0.0/20", "10.0.12.0/24", "10.0.0.0/22"),
        ("10.0.0.0/21", "10.0.6.0/25", "10.0.0.0/23"),
        ("10.0.0.0/22", "10.0.3.0/26", "10.0.0.0/24"),
    ],
)
def test_the_first_zone(vpc: str, public: str, private: str) -> None:
    assert cidr.zone_subnets(vpc, 1) == (cidr.ZoneSubnets(public=public, private=private),)


@pytest.mark.parametrize("zone_count", [-1, 0, 4])
def test_other_numbers_of_zones_are_refused(zone_count: int) -> None:
    with pytest.raises(ValueError, match="allowed: 1 to 3"):
        cidr.zone_subnets("10.0.0.0/16", zone_count)


@pytest.mark.parametrize(("block", "count"), [("10.0.0.0/18", 16379), ("10.0.0.0/24", 251), ("10.0.0.0/28", 11)])
def test_aws_keeps_five_addresses_of_every_subnet(block: str, count: int) -> None:
    assert cidr.usable(block) == count


@pytest.mark.parametrize(
    ("services", "api", "dns"),
    [
        ("172.20.0.0/16", "172.20.0.1", "172.20.0.10"),
        ("10.96.0.0/12", "10.96.0.1", "10.96.0.10"),
        ("192.168.10.0/24", "192.168.10.1", "192.168.10.10"),
    ],
)
def test_two_services_have_addresses_of_their_own(services: str, api: str, dns: str) -> None:
    assert (cidr.api_service(services), cidr.dns_service(services)) == (api, dns)
