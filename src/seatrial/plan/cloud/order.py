"""What is asked of the fake cloud, and what it answers."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from seatrial import regions
from seatrial.plan import wire
from seatrial.plan.graph import Properties, Resource, Secret, Unknown, Value, no_properties

ACCOUNT: Final = "123456789012"
"""The account of every plan: the one of AWS's own examples."""

UNKNOWN_TEXT: Final = wire.UNKNOWN
"""What stands for an unknown input in a text that is made of it; such a text is then unknown as a whole."""


@dataclass(frozen=True, slots=True)
class Made:
    """A resource that was made."""

    id: str | Unknown
    """What AWS would call it; empty for components."""

    outputs: Properties = field(default_factory=no_properties)
    """What AWS would add to the inputs, or say otherwise than they do."""

    def unknown(self) -> "Made":
        """Return the same with nothing told, as in a preview."""
        return Made(Unknown(), dict.fromkeys(self.outputs, Unknown()))


@dataclass(frozen=True, slots=True)
class Order:
    """A resource to make: every answer is a function of it, so that two plans agree."""

    resource: Resource
    region: str

    @property
    def inputs(self) -> Properties:
        """What the program asks for."""
        return self.resource.inputs

    @property
    def partition(self) -> str:
        """``aws``, ``aws-cn`` or ``aws-us-gov``."""
        return regions.partition(self.region)

    @property
    def dns_suffix(self) -> str:
        """End of the host names of the region's services."""
        return regions.dns_suffix(self.partition)

    def digits(self, length: int, purpose: str = "") -> str:
        """Return at most 40 hexadecimal digits of the SHA-1 of the resource's URN, followed by the purpose."""
        return hashlib.sha1(f"{self.resource.urn}{purpose}".encode(), usedforsecurity=False).hexdigest()[:length]

    def own_id(self, prefix: str) -> str:
        """Return the resource's id in EC2's shape: ``vpc-0`` and 16 digits, by which it can be traced to its URN."""
        return f"{prefix}-0{self.digits(16)}"

    def other_id(self, prefix: str) -> str:
        """Return the id of something that AWS makes along with the resource."""
        return f"{prefix}-0{self.digits(16, prefix)}"

    def uuid(self, purpose: str = "") -> str:
        """Return a UUID."""
        digits = self.digits(32, f"uuid{purpose}")
        return "-".join((digits[:8], digits[8:12], f"4{digits[13:16]}", f"a{digits[17:20]}", digits[20:32]))

    def number(self, below: int, purpose: str) -> int:
        """Return a number from 0 to one below the limit."""
        return int(self.digits(12, purpose), 16) % below

    def text(self, key: str, default: str = "") -> str:
        """Return an input as text, :data:`UNKNOWN_TEXT` where it is unknown, or the default where it isn't set."""
        value = plain(self.inputs.get(key))
        return default if value is None else _written(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return an input that lists texts."""
        value = plain(self.inputs.get(key))
        return tuple(_written(plain(each)) for each in value) if isinstance(value, tuple) else ()

    def object(self, key: str) -> Properties:
        """Return an input that is an object, empty where it isn't set."""
        value = plain(self.inputs.get(key))
        return value if isinstance(value, Mapping) else no_properties()

    def name(self, key: str = "name", *, length: int = 64) -> str:
        """Return the name it is given, or what the provider makes up: prefix or logical name, then seven digits."""
        given = self.text(key)
        prefix = self.text(f"{key}Prefix") or f"{self.resource.name}-"
        return given or f"{prefix[: length - 7]}{self.digits(7, 'name')}"

    def arn(self, service: str, rest: str) -> str:
        """Return an ARN of the account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{ACCOUNT}:{rest}"

    def tags(self) -> Properties:
        """Return ``tagsAll``: the tags, as no provider of a plan has default ones."""
        tags = plain(self.inputs.get("tags"))
        return {"tagsAll": tags if isinstance(tags, Unknown) else self.object("tags")}


Handler: TypeAlias = Callable[[Order], Made]
"""Makes the resources of one type."""


def plain(value: Value) -> Value:
    """Return what a secret holds, and anything else as it is."""
    return value.value if isinstance(value, Secret) else value


def _written(value: Value) -> str:
    return UNKNOWN_TEXT if isinstance(value, Unknown) else str(value)


def tokens(service: str, handlers: Mapping[str, Handler]) -> Mapping[str, Handler]:
    """Give each handler of a service its type's token: ``Vpc`` becomes ``aws:ec2/vpc:Vpc``."""
    return {f"aws:{service}/{name[0].lower()}{name[1:]}:{name}": handler for name, handler in handlers.items()}


def merged(tables: Sequence[Mapping[str, Handler]]) -> Mapping[str, Handler]:
    """Join the tables of the services."""
    return {token: handler for table in tables for token, handler in table.items()}
