"""A registration request as the resource that the engine would keep in its state."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import cast

from pulumi.runtime.proto.alias_pb2 import Alias
from pulumi.runtime.proto.resource_pb2 import RegisterResourceRequest

from seatrial.plan import wire
from seatrial.plan.graph import PROVIDER_PREFIX, STACK_TYPE, Properties, Resource


def urn_of(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """Name a resource as the engine does: the types of its parents, the stack's left out, then its own."""
    parents = _qualified_type(parent) if parent else STACK_TYPE
    chain = type_ if parents == STACK_TYPE else f"{parents}${type_}"
    return f"urn:pulumi:{stack}::{project}::{chain}::{name}"


def resource(urn: str, request: RegisterResourceRequest, parent: Resource | None) -> Resource:
    """Read a request; what it leaves open comes from the parent, as far as the engine lets options inherit."""
    return Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        provider=request.provider,
        custom=request.custom,
        inputs=_inputs(request),
        dependencies=_sorted(request.dependencies),
        property_dependencies=_property_dependencies(request),
        protect=request.protect if request.HasField("protect") else bool(parent and parent.protect),
        retain_on_delete=(
            request.retainOnDelete if request.HasField("retainOnDelete") else bool(parent and parent.retain_on_delete)
        ),
        deleted_with=request.deletedWith or (parent.deleted_with if parent else ""),
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        delete_before_replace=request.deleteBeforeReplace,
        aliases=_aliases(urn, request),
        secret_outputs=_sorted(request.additionalSecretOutputs),
        timeouts=_timeouts(request),
        version=request.version,
        import_id=request.importId,
    )


def _qualified_type(urn: str) -> str:
    return urn.split("::")[2]


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))


def _inputs(request: RegisterResourceRequest) -> Properties:
    inputs = wire.decode(request.object)
    if request.type.startswith(PROVIDER_PREFIX) and request.version:
        return MappingProxyType({**inputs, "version": request.version})
    return inputs


def _property_dependencies(request: RegisterResourceRequest) -> Mapping[str, tuple[str, ...]]:
    requested = request.propertyDependencies
    return MappingProxyType({key: _sorted(requested[key].urns) for key in sorted(requested) if requested[key].urns})


def _aliases(urn: str, request: RegisterResourceRequest) -> tuple[str, ...]:
    aliases = cast("Iterable[Alias]", request.aliases)  # pyright: ignore[reportUnknownMemberType] (the stub lacks it)
    return _sorted(_former_urn(urn, request, alias) for alias in aliases)


def _former_urn(urn: str, request: RegisterResourceRequest, alias: Alias) -> str:
    if alias.urn:
        return alias.urn
    spec = alias.spec
    stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
    parent = "" if spec.noParent else spec.parentUrn or request.parent
    return urn_of(
        spec.stack or stack, spec.project or project, parent, spec.type or request.type, spec.name or request.name
    )


def _timeouts(request: RegisterResourceRequest) -> Mapping[str, str]:
    asked = request.customTimeouts
    timeouts = {"create": asked.create, "update": asked.update, "delete": asked.delete}
    return MappingProxyType({operation: duration for operation, duration in timeouts.items() if duration})
