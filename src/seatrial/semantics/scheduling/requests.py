"""How much a pod asks of its node: containers together, init containers one after another, what runs it on top.

With the defaults that the API fills in: what a container doesn't ask for but is limited to, it asks for.
See https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers and
https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil
from typing import TypeAlias

from seatrial.semantics.fields import Fields
from seatrial.semantics.scheduling import quantities
from seatrial.semantics.scheduling.nodes import CPU, MEMORY

_Amounts: TypeAlias = Mapping[str, Fraction]

_POD_LEVEL = (CPU, MEMORY)
"""What a pod can ask for as a whole; huge pages, which it can too, are left aside."""

_MILLI = 1000


def of_pod(spec: Fields) -> Mapping[str, int]:
    """Return what a pod asks for: thousandths of a processor, bytes, numbers; each rounded up as the scheduler does."""
    amounts = _more(_of_whole(spec, _of_containers(spec)), _amounts(spec, "overhead"))
    return {
        resource: ceil(amount * _MILLI) if resource == CPU else ceil(amount)
        for resource, amount in amounts.items()
        if amount
    }


def _of_containers(spec: Fields) -> _Amounts:
    running = _sum(_of_container(each) for each in spec.items("containers"))
    sidecars: _Amounts = {}
    peak: _Amounts = {}
    for container in spec.items("initContainers"):
        own = _of_container(container)
        if container.text("restartPolicy") == "Always":
            running, sidecars = _more(running, own), _more(sidecars, own)
            peak = _most(peak, sidecars)
        else:
            peak = _most(peak, _more(sidecars, own))
    return _most(running, peak)


def _of_container(container: Fields) -> _Amounts:
    resources = container.fields("resources")
    return {**_amounts(resources, "limits"), **_amounts(resources, "requests")} if resources else {}


def _of_whole(spec: Fields, containers: _Amounts) -> _Amounts:
    """Put what the pod asks for as a whole in the place of what its containers ask for together."""
    resources = spec.fields("resources")
    if resources is None:
        return containers
    requests, limits = _amounts(resources, "requests"), _amounts(resources, "limits")
    asked = {**limits, **containers, **requests}
    named = {*requests, *limits}
    return {**containers, **{key: asked[key] for key in _POD_LEVEL if key in named}}


def _amounts(holder: Fields, key: str) -> _Amounts:
    fields = holder.fields(key)
    if fields is None:
        return {}
    found: dict[str, Fraction] = {}
    for name, value in fields.value.items():
        amount = quantities.parse(value)
        if amount is None:
            fields.refuse(name, "an amount such as 250m or 64Mi")
        else:
            found[name] = amount
    return found


def _sum(each: Iterable[_Amounts]) -> _Amounts:
    total: _Amounts = {}
    for amounts in each:
        total = _more(total, amounts)
    return total


def _more(one: _Amounts, other: _Amounts) -> _Amounts:
    return {key: one.get(key, Fraction(0)) + other.get(key, Fraction(0)) for key in {**one, **other}}


def _most(one: _Amounts, other: _Amounts) -> _Amounts:
    return {key: max(one.get(key, Fraction(0)), other.get(key, Fraction(0))) for key in {**one, **other}}
