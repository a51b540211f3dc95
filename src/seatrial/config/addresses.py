"""Ranges of addresses: sizes and neighbourhoods that AWS accepts."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError

from seatrial.config.allowed import Refusal

_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_SHARED = IPv4Network("100.64.0.0/10")
_NOT_PUBLIC = (
    *_PRIVATE,
    _SHARED,
    *map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")),
)


@dataclass(frozen=True, slots=True)
class Range:
    """What a range of addresses must be like."""

    text: str
    """What is allowed, in words."""
    widest: int
    """Shortest prefix."""
    narrowest: int
    """Longest prefix."""
    within: Sequence[IPv4Network] = ()
    """Ranges of which one must hold it; empty for any."""
    outside: Sequence[IPv4Network] = ()
    """Ranges that it must not touch."""

    def refusal(self, text: str) -> Refusal | None:
        """Tell what is wrong with a range."""
        try:
            network = IPv4Network(text, strict=False)
        except (AddressValueError, NetmaskValueError):
            return Refusal("that isn't an IPv4 range")
        if str(network) != text:
            return Refusal(f"did you mean {network}?")
        return self._size(network) or self._place(network)

    def _size(self, network: IPv4Network) -> Refusal | None:
        if self.widest <= network.prefixlen <= self.narrowest:
            return None
        return Refusal(f"it is too {'large' if network.prefixlen < self.widest else 'small'}")

    def _place(self, network: IPv4Network) -> Refusal | None:
        if self.within and not any(network.subnet_of(place) for place in self.within):
            return Refusal("it isn't private")
        if any(network.overlaps(place) for place in self.outside):
            return Refusal("it isn't reached over the internet")
        return None


VPC = Range(
    "a private IPv4 range of /16 to /22, in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10",
    widest=16,
    narrowest=22,
    within=(*_PRIVATE, _SHARED),
)
"""A VPC: AWS allows down to /28, which holds no cluster; /22 is the least that gives every zone a /24 of pods."""

SERVICES = Range(
    "a private IPv4 range of /12 to /24, in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
    widest=12,
    narrowest=24,
    within=_PRIVATE,
)
"""Services (EKS API reference, KubernetesNetworkConfigRequest)."""

CLIENTS = Range(
    "a public IPv4 range of /16 to /32",
    widest=16,
    narrowest=32,
    outside=_NOT_PUBLIC,
)
"""Clients of a public endpoint. EKS takes any size; more than 65536 addresses are no longer a restriction."""
