"""A plan as rules look at it: the plan itself, and what can be read from it once for all of them."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Final

from seatrial.plan import Plan, Resource
from seatrial.rules.facts.charts import Chart, charts
from seatrial.rules.facts.firewall import Firewall
from seatrial.rules.facts.grants import Grant, grants
from seatrial.rules.facts.isolation import Isolation
from seatrial.rules.facts.kinds import NAMESPACE
from seatrial.rules.facts.objects import RELEASE, SYSTEM, Objects
from seatrial.rules.facts.order import Order
from seatrial.rules.facts.pods import Template, templates
from seatrial.rules.facts.policies import Policy, guards, policies
from seatrial.rules.facts.references import References
from seatrial.rules.facts.replicated import Replicated, replicated
from seatrial.rules.facts.roles import Roles
from seatrial.rules.facts.routing import Routing
from seatrial.rules.facts.types import ACCESS_POLICY, ADDON, CLUSTER
from seatrial.rules.facts.values import at, text

PRODUCTION: Final = frozenset({"prod", "production", "prd", "live"})
"""Values of the tag ``Environment``, in lower case, that mean that others rely on the platform."""


class View:
    """What a rule is given."""

    def __init__(self, plan: Plan, today: date) -> None:
        """Look at a plan, on a day: the support of versions ends on one."""
        self.plan = plan
        self.today = today

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """Return every resource of the types, in the plan's order."""
        return tuple(resource for type_ in types for resource in self._by_type.get(type_, ()))

    @cached_property
    def environment(self) -> str:
        """What the clusters' tag ``Environment`` says; empty when it says nothing or not one thing."""
        said = {text(at(cluster, "tags.Environment")) for cluster in self.of_type(CLUSTER)}
        return said.pop() if len(said) == 1 else ""

    @property
    def is_production(self) -> bool:
        """Whether others rely on the platform."""
        return self.environment.lower() in PRODUCTION

    @cached_property
    def references(self) -> References:
        """Which resource a property means."""
        return References(self.plan)

    @cached_property
    def routing(self) -> Routing:
        """Where the traffic of a subnet goes."""
        return Routing(self._by_type, self.references)

    @cached_property
    def firewall(self) -> Firewall:
        """Which traffic security groups let through."""
        return Firewall(self._by_type, self.references)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy and trust document of the plan, read."""
        return tuple(policies(self.plan, self.references))

    @cached_property
    def guards(self) -> Mapping[str, tuple[Policy, ...]]:
        """The documents that say who may do what with a key or an endpoint, by its URN."""
        return guards(self.policies, self.references)

    @cached_property
    def roles(self) -> Roles:
        """Roles, and what is attached to them."""
        return Roles(self._by_type, self.references, self.policies)

    @cached_property
    def order(self) -> Order:
        """What exists before what, and so is deleted after it."""
        return Order(self.plan)

    @cached_property
    def objects(self) -> Objects:
        """What is put into the cluster, by kind and by name."""
        return Objects(self.plan)

    @cached_property
    def charts(self) -> tuple[Chart, ...]:
        """The charts that are installed."""
        return charts(self.of_type(RELEASE))

    def makes_namespace(self, chart: Chart) -> bool:
        """Tell whether a chart makes its namespace, with nothing in it that the plan would have."""
        return chart.is_first and self.objects.find(NAMESPACE, chart.namespace) is None and chart.namespace != SYSTEM

    @cached_property
    def pods(self) -> tuple[Template, ...]:
        """Every pod, or what pods are made from."""
        return templates(self.objects)

    @cached_property
    def replicated(self) -> tuple[Replicated, ...]:
        """Everything that runs as several equal pods, or should."""
        return replicated(self.objects, self.pods, self.charts, self.of_type(ADDON))

    @cached_property
    def isolation(self) -> Isolation:
        """What the network policies come to."""
        return Isolation(self.objects, self.pods)

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """Who is given what in the cluster."""
        return grants(self.objects, self.of_type(ACCESS_POLICY))

    @cached_property
    def _by_type(self) -> dict[str, tuple[Resource, ...]]:
        groups: dict[str, list[Resource]] = {}
        for resource in self.plan:
            groups.setdefault(resource.type, []).append(resource)
        return {type_: tuple(resources) for type_, resources in groups.items()}
