"""A kubeconfig, as far as the suite looks into it."""

from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seatrial.acceptance.outputs import MalformedOutputError


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Server(_Part):
    """Where a cluster is."""

    server: str
    """Address of the API server."""
    authority: str = Field(alias="certificate-authority-data", default="")
    """Certificate of its authority: PEM, in base64."""


class Exec(_Part):
    """A command that makes credentials on the spot."""

    version: str = Field(alias="apiVersion")
    """Version of the protocol between kubectl and the command."""
    command: str
    """The program."""
    args: tuple[str, ...] = ()
    """Its arguments."""

    def option(self, name: str) -> str | None:
        """Return the value that follows an option such as ``--region``; None when it isn't given."""
        pairs = dict(zip(self.args, self.args[1:], strict=False))
        return pairs.get(name)


class User(_Part):
    """How to prove who one is."""

    model_config = ConfigDict(extra="allow")

    exec: Exec | None = None
    """The command that makes credentials."""


class Context(_Part):
    """Which user goes to which cluster."""

    cluster: str
    user: str


class NamedServer(_Part):
    """A cluster by name."""

    name: str
    cluster: Server


class NamedUser(_Part):
    """A user by name."""

    name: str
    user: User


class NamedContext(_Part):
    """A context by name."""

    name: str
    context: Context


Named = TypeVar("Named", NamedServer, NamedUser, NamedContext)


class Kubeconfig(_Part):
    """The file as kubectl reads it."""

    kind: str
    current: str = Field(alias="current-context")
    clusters: tuple[NamedServer, ...]
    users: tuple[NamedUser, ...]
    contexts: tuple[NamedContext, ...]

    def context(self) -> Context:
        """Return what kubectl uses unless told otherwise."""
        return _named(self.contexts, self.current, "context").context

    def server(self) -> Server:
        """Return the cluster of the current context."""
        return _named(self.clusters, self.context().cluster, "cluster").cluster

    def user(self) -> User:
        """Return the user of the current context."""
        return _named(self.users, self.context().user, "user").user


def parse_kubeconfig(text: str) -> Kubeconfig:
    """Read a kubeconfig, YAML or JSON; :class:`~seatrial.acceptance.outputs.MalformedOutputError` when it isn't one."""
    try:
        return Kubeconfig.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise MalformedOutputError("kubeconfig is neither YAML nor JSON") from error
    except ValidationError as error:
        # Its own text would print the values, and a kubeconfig may hold credentials.
        where = ", ".join(".".join(map(str, fault["loc"])) or "the document" for fault in error.errors())
        raise MalformedOutputError(f"kubeconfig is not one that kubectl reads; look at {where}") from error


def _named(entries: tuple[Named, ...], name: str, kind: str) -> Named:
    for entry in entries:
        if entry.name == name:
            return entry
    raise MalformedOutputError(f"kubeconfig has no {kind} {name!r}, which its current context leads to")
