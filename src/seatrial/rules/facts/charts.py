"""The charts of a plan: which they are, and the values that they are given."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seatrial.plan import Resource, Value
from seatrial.rules.facts.values import at, is_true, properties, text, within


@dataclass(frozen=True, slots=True)
class Chart:
    """One release of a chart; what it makes of its values is rendered by the deployment."""

    resource: Resource
    name: str
    """Of the chart, without its repository: ``aws-load-balancer-controller``."""

    namespace: str

    @property
    def is_first(self) -> bool:
        """Whether it makes its namespace, if there is none yet."""
        return is_true(at(self.resource, "createNamespace"))

    def value(self, path: str) -> Value:
        """Return the value at a path; None where the chart's default counts."""
        return within(at(self.resource, "values"), path)

    @property
    def service_accounts(self) -> tuple[str, ...]:
        """Names of the service accounts that it is told to use, wherever its values say so."""
        return tuple(_accounts(at(self.resource, "values")))


def charts(releases: Iterable[Resource]) -> tuple[Chart, ...]:
    """Read the releases of a plan."""
    return tuple(map(_chart, releases))


def _chart(release: Resource) -> Chart:
    name = text(at(release, "chart")).rpartition("/")[2]
    return Chart(release, name, text(at(release, "namespace")) or "default")


def _accounts(values: Value) -> Iterator[str]:
    for key, value in properties(values).items():
        if key == "serviceAccount":
            yield text(within(value, "name"))
        yield from _accounts(value)
