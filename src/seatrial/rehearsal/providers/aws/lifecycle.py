"""Creates, reads, updates and deletes a resource of any type."""

import dataclasses
from dataclasses import dataclass

from seatrial.rehearsal.providers.aws.cloud import Cloud, settle_seconds
from seatrial.rehearsal.providers.aws.creations import current
from seatrial.rehearsal.providers.aws.differences import differences, same
from seatrial.rehearsal.providers.aws.documents import text
from seatrial.rehearsal.providers.aws.readiness import wait_gone, wait_ready
from seatrial.rehearsal.providers.aws.refusals import Refusal
from seatrial.rehearsal.providers.aws.resource_type import ResourceType
from seatrial.rehearsal.providers.aws.schema import Kind, PropertyType
from seatrial.rehearsal.providers.aws.tags import declared, own, retag
from seatrial.rehearsal.providers.changes import Action, Change
from seatrial.rehearsal.providers.creations import Creation, Creations
from seatrial.rehearsal.providers.refusals import InitFailed, NotReady, ProviderFault, Rejected
from seatrial.rehearsal.providers.values import UNKNOWN, Value, Values

_CONVERGE_SECONDS = 5.0
"""How long to wait for reads to show what was written."""


@dataclass(frozen=True, slots=True)
class Found:
    """A resource as it is."""

    identity: str
    """Its id."""
    state: Values
    """Its outputs."""


def create(resource: ResourceType, cloud: Cloud, inputs: Values, creations: Creations, urn: str) -> Found:
    """Make the resource and wait until it is ready.

    Raises:
        InitFailed: it was made, but something went wrong afterwards.

    """
    creation = creations.begin(urn)
    token = current.set(creation)
    try:
        return _created(resource, cloud, inputs, creation)
    except (Refusal, Rejected):
        if not creation.changed_something:
            creations.refuse(urn)
        raise
    finally:
        current.reset(token)


def _created(resource: ResourceType, cloud: Cloud, inputs: Values, creation: Creation) -> Found:
    patient = dataclasses.replace(cloud, settling=True, unique=creation.identity[:7])
    named = with_name(resource, inputs, patient)
    identity = resource.create(patient, named)
    try:
        if resource.readiness:
            wait_ready(cloud, resource.readiness, identity, named)
        state = _settled(resource, cloud, identity, named)
        if creation.resumed:
            return update(resource, cloud, identity, state, named)
    except Exception as fault:  # whatever it was: the engine has to keep what was made
        raise InitFailed(identity, _half_made(resource, cloud, identity, named), str(fault)) from fault
    return Found(identity, state)


def with_name(resource: ResourceType, inputs: Values, cloud: Cloud) -> Values:
    """Return the inputs with a name: the one given, or one made from the resource's name in the program."""
    name = resource.traits.generated_name
    if not name or inputs.get(name):
        return inputs
    start = inputs.get(f"{name}Prefix") or f"{resource.traits.name_start}{cloud.name}-"
    return {**inputs, name: f"{start}{cloud.unique}"}


def read(resource: ResourceType, cloud: Cloud, identity: str, known: Values) -> Values | None:
    """Return the state of the resource, None when there is none.

    What is known of it decides how equal values are spelled, so that a read alone never shows a difference.
    """
    try:
        told = resource.read(cloud, identity, known)
    except Refusal as refusal:
        if refusal.is_missing:
            return None
        raise
    return None if told is None else _state(resource, cloud, identity, told, known)


def update(resource: ResourceType, cloud: Cloud, identity: str, state: Values, inputs: Values) -> Found:
    """Bring the resource in line with its inputs, with only the calls that this takes, and wait until it is ready."""
    patient = dataclasses.replace(cloud, settling=True)
    state = _whole(resource, cloud, identity, state)
    changed = {change.property for change in differences(resource, state, inputs)}
    stuck = sorted(changed - resource.updated - resource.traits.unread - {"tags"})
    if stuck:
        raise Rejected(f"{', '.join(stuck)}: can't be changed in place")
    try:
        for part in resource.updates:
            if changed.intersection(part.properties):
                part.update(patient, identity, state, inputs)
        _update_tags(resource, patient, state, inputs)
        if resource.readiness:
            wait_ready(cloud, resource.readiness, identity, inputs)
    except (NotReady, Refusal) as fault:
        raise InitFailed(identity, _half_made(resource, cloud, identity, state), str(fault)) from fault
    return Found(identity, _settled(resource, cloud, identity, inputs))


def _whole(resource: ResourceType, cloud: Cloud, identity: str, state: Values) -> Values:
    """Add what the account knows to the state of a resource that was only half made."""
    if resource.tags is None or resource.tags.target in state:
        return state
    return {**state, **(read(resource, cloud, identity, state) or {})}


def delete(resource: ResourceType, cloud: Cloud, identity: str, state: Values) -> None:
    """Remove the resource and wait until it is gone; one that is gone already is fine.

    What stands in the way has as long to go as AWS's views may lag. Upstream's provider waits for 20 minutes; but what
    takes AWS minutes takes the emulated account a fraction of a second.
    """
    refusal: Refusal | None = None
    for _ in cloud.pauses(cloud.seconds or settle_seconds()):
        refusal = _in_the_way(resource, cloud, identity, state)
        if refusal is None:
            break
    if refusal:
        raise refusal
    if resource.readiness:
        wait_gone(cloud, resource.readiness, identity, state)


def _in_the_way(resource: ResourceType, cloud: Cloud, identity: str, state: Values) -> Refusal | None:
    """Try to delete; return the refusal when something else has to go first."""
    try:
        resource.delete(cloud, identity, state)
    except Refusal as refusal:
        if refusal.is_in_use:
            return refusal
        if not refusal.is_missing:
            raise
    return None


def changes(resource: ResourceType, cloud: Cloud, state: Values, inputs: Values) -> list[Change]:
    """Return what would have to change: in the inputs, in the provider's tags, and what failed for good."""
    found = differences(resource, state, inputs)
    if resource.tags and not any(change.property == "tags" for change in found):
        found += _tag_changes(cloud, state, inputs)
    readiness = resource.readiness
    if readiness and readiness.output and state.get(readiness.output) in readiness.broken:
        found.append(Change(readiness.output, readiness.output, Action.UPDATE, replaces=True))
    return found


def _tag_changes(cloud: Cloud, state: Values, inputs: Values) -> list[Change]:
    wanted = cloud.tags(inputs)
    if UNKNOWN in wanted.values() or state.get("tagsAll", {}) == wanted:
        return []
    return [Change("tagsAll", "tagsAll", Action.UPDATE, replaces=False)]


def _settled(resource: ResourceType, cloud: Cloud, identity: str, known: Values) -> Values:
    """Read until the account shows what was written: its reads may lag behind."""
    state = _found(resource, cloud, identity, known)
    for _ in cloud.pauses(min(_CONVERGE_SECONDS, settle_seconds())):
        if not differences(resource, state, known):
            break
        state = read(resource, cloud, identity, known) or state
    return state


def _found(resource: ResourceType, cloud: Cloud, identity: str, known: Values) -> Values:
    for _ in cloud.pauses(settle_seconds()):
        state = read(resource, cloud, identity, known)
        if state is not None:
            return state
    raise NotReady("not found", settle_seconds())


def _state(resource: ResourceType, cloud: Cloud, identity: str, told: Values, known: Values) -> Values:
    state = {"id": identity, "region": cloud.region, **_repeated(resource, known), **told}
    if resource.tags:
        state["tagsAll"] = own(told.get("tagsAll", {}))
        state["tags"] = declared(state["tagsAll"], cloud.default_tags, known)
    if "region" not in resource.schema.outputs.fields:
        del state["region"]
    told_as_known = {**state, **_respelled(resource, state, known)}
    return {name: value for name, value in told_as_known.items() if value is not None}


def _respelled(resource: ResourceType, state: Values, known: Values) -> Values:
    """Return what is as it was known, in the words in which it was known."""
    fields = resource.schema.inputs.fields
    alike = (name for name in fields if state.get(name) is not None and known.get(name) is not None)
    return {
        name: _reworded(fields[name], state[name], known[name])
        for name in alike
        if name not in resource.traits.as_told and same(resource, name, state[name], known[name])
    }


def _reworded(declared: PropertyType, found: Value, asked: Value) -> Value:
    """Keep what only the account knows within an object."""
    match declared.kind:
        case Kind.OBJECT:
            inner = {name: _reworded(declared.fields[name], found.get(name), asked[name]) for name in asked}
            return {**found, **inner}
        case Kind.LIST if declared.element.kind is Kind.OBJECT:
            return found
        case Kind.DOCUMENT:
            return text(asked)
        case _:
            return asked


def _repeated(resource: ResourceType, known: Values) -> Values:
    return {name: known[name] for name in resource.traits.unread if known.get(name) is not None}


def _update_tags(resource: ResourceType, cloud: Cloud, state: Values, inputs: Values) -> None:
    if resource.tags:
        target = state[resource.tags.target]
        retag(cloud, resource.tags, target, state.get("tagsAll", {}), cloud.tags(inputs))


def _half_made(resource: ResourceType, cloud: Cloud, identity: str, known: Values) -> Values:
    try:
        state = read(resource, cloud, identity, known)
    except ProviderFault:
        state = None
    return state or {**known, "id": identity}
