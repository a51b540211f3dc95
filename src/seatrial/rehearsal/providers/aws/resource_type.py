"""What the provider knows of one resource type: data, and the few API calls that differ between types."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from seatrial.rehearsal.providers.aws import schema
from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.readiness import Readiness
from seatrial.rehearsal.providers.aws.tags import TagApi
from seatrial.rehearsal.providers.values import Value, Values

_REGION = "region"
"""Every regional resource has it: the provider's where the program doesn't say."""

Create: TypeAlias = Callable[[Cloud, Values], str]
"""Makes the resource from its inputs and returns its id."""

Read: TypeAlias = Callable[[Cloud, str, Values], "Values | None"]
"""Returns the state of the resource with the id, None when there is none. Takes what is known of it: its last
state and inputs, nothing on an import."""

Update: TypeAlias = Callable[[Cloud, str, Values, Values], None]
"""Takes the id, the last state and the inputs wanted, and makes the calls that bring one part in line."""

Delete: TypeAlias = Callable[[Cloud, str, Values], None]
"""Removes the resource with the id and the last state."""

Same: TypeAlias = Callable[[Value, Value], bool]
"""Whether two values of a property mean the same to AWS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The API call that makes a resource."""

    service: str
    """As botocore names it: ``ec2``."""
    operation: str
    """As AWS names it: ``CreateVpc``."""
    members: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    """Dotted path of a property to the member it becomes, where the name doesn't say it; None keeps it out."""
    within: str = ""
    """The member, itself a structure, that takes whatever it has a place for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Properties that are updated together."""

    properties: tuple[str, ...]
    """Top-level names."""
    update: Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """How the properties of a type behave. Dotted paths, without positions in lists."""

    replaces: frozenset[str] = frozenset()
    """A change in or below these makes a new resource."""
    replaces_when: Mapping[str, Same] = field(default_factory=dict[str, Same])
    """Properties of which only some changes make a new resource: whether the one from the old value to the new does."""
    computed: frozenset[str] = frozenset()
    """Inputs that AWS fills in when they are left out: their absence asks for no change."""
    defaults: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """What an absent input means where that isn't nothing, false or zero."""
    ordered: frozenset[str] = frozenset()
    """Lists whose order matters; that of all others doesn't."""
    unread: frozenset[str] = frozenset()
    """Inputs that the account doesn't tell: the state repeats what was asked for."""
    as_told: frozenset[str] = frozenset()
    """Inputs whose output is what AWS makes of them, even where that means the same."""
    volatile: frozenset[str] = frozenset()
    """Outputs that any update changes."""
    same: Mapping[str, Same] = field(default_factory=dict[str, Same])
    """Properties whose equality isn't that of their text."""
    fixed_names: tuple[str, ...] = ()
    """Properties that identify the resource in AWS: while they stay, a new one can't be made beside the old one."""
    generated_name: str = ""
    """The input that gets a name made from the resource's when it is left out."""
    name_start: str = ""
    """What AWS wants every generated name to start with."""
    served: frozenset[str] = frozenset()
    """Inputs that the type's own code turns into parameters of the creating call."""
    allowed: Mapping[str, Container[int]] = field(default_factory=dict[str, "Container[int]"])
    """Numbers that AWS takes, where its description of the creating call doesn't say it."""

    def is_computed(self, path: str) -> bool:
        """Whether AWS fills the input at the dotted path in when it is left out."""
        return path in self.computed or path == _REGION

    def is_replacing(self, path: str) -> bool:
        """Whether a change at the dotted path, or of something that holds it, makes a new resource."""
        steps = path.split(".")
        return path == _REGION or any(".".join(steps[: count + 1]) in self.replaces for count in range(len(steps)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """One type of resource."""

    type_name: str
    """As the engine names it: ``aws:ec2/vpc:Vpc``."""
    request: Request
    """What makes it; its shapes also say which inputs AWS refuses."""
    create: Create
    read: Read
    delete: Delete
    updates: tuple[Part, ...] = ()
    """In the order in which they are made."""
    traits: Traits = Traits()
    tags: TagApi | None = None
    """How it is tagged after it was made; None when it bears no tags."""
    readiness: Readiness | None = None
    """What to wait for; None when it is ready at once."""

    @property
    def schema(self) -> schema.ResourceSchema:
        """Its properties."""
        return schema.resource(self.type_name)

    @property
    def updated(self) -> frozenset[str]:
        """The inputs that can be changed in place."""
        return frozenset(name for part in self.updates for name in part.properties)
