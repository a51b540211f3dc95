"""A second reading of the filters, pod by pod over plain objects, agrees about every pod and node; laws of drains."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.semantics.scheduling import (
    Node,
    Occupancy,
    Pod,
    Taint,
    Workloads,
    drain,
    read,
    schedule,
    status,
    verdict,
)

Object = dict[str, Any]

APPS, KEYS, NAMESPACES = ("web", "db"), ("zone", "host"), ("a", "b")
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


# The second reading. It asks every placed pod, for every node, anew.


def selects(selector: Object | None, labels: dict[str, str]) -> bool:
    if selector is None:
        return False
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())


def tolerates(pod: Object, node: Node) -> bool:
    tolerated = {each["key"] for each in pod["spec"]["tolerations"]}
    return all(taint.key in tolerated for taint in node.taints)


def wants(pod: Object, node: Node) -> bool:
    return all(node.labels.get(key) == value for key, value in pod["spec"]["nodeSelector"].items())


def has_room(pod: Object, node: Node, there: list[Object]) -> bool:
    def amount(each: Object) -> int:
        return int(each["spec"]["containers"][0]["resources"]["requests"]["cpu"].removesuffix("m"))

    ports = [each["spec"]["containers"][0]["ports"] for each in there]
    return (
        len(there) < node.pods
        and sum(map(amount, there)) + amount(pod) <= node.cpu
        and not any(port in taken for port in pod["spec"]["containers"][0]["ports"] for taken in ports)
    )


Placed = list[tuple[Object, Node]]


def keeps_skew(pod: Object, node: Node, nodes: list[Node], placed: Placed) -> bool:
    constraints = pod["spec"]["topologySpreadConstraints"]
    keys = {each["topologyKey"] for each in constraints}
    for each in constraints:
        key, selector = each["topologyKey"], each["labelSelector"]
        if key not in node.labels:
            return False
        counted = [
            other
            for other in nodes
            if keys <= other.labels.keys()
            and wants(pod, other)
            and (each["nodeTaintsPolicy"] == "Ignore" or tolerates(pod, other))
        ]
        numbers = {
            value: sum(
                other in counted
                and other.labels[key] == value
                and there["metadata"]["namespace"] == pod["metadata"]["namespace"]
                and selects(selector, there["metadata"]["labels"])
                for there, other in placed
            )
            for value in {other.labels[key] for other in counted}
        }
        least = 0 if len(numbers) < each["minDomains"] else min(numbers.values())
        itself = selects(selector, pod["metadata"]["labels"])
        if numbers.get(node.labels[key], 0) + itself - least > each["maxSkew"]:
            return False
    return True


def terms(pod: Object, kind: str) -> list[Object]:
    return pod["spec"]["affinity"][kind][REQUIRED]


def means(term: Object, owner: Object, other: Object) -> bool:
    namespaces = term["namespaces"] or [owner["metadata"]["namespace"]]
    return other["metadata"]["namespace"] in namespaces and selects(term["labelSelector"], other["metadata"]["labels"])


def together(key: str, one: Node, other: Node) -> bool:
    return key in one.labels and one.labels[key] == other.labels.get(key)


def is_near(pod: Object, node: Node, placed: Placed) -> bool:
    near = terms(pod, "podAffinity")
    matching = [(there, other) for there, other in placed if all(means(term, pod, there) for term in near)]
    if any(term["topologyKey"] not in node.labels for term in near):
        return False
    if all(any(together(term["topologyKey"], node, other) for _, other in matching) for term in near):
        return True
    is_alone = not any(term["topologyKey"] in other.labels for _, other in matching for term in near)
    return is_alone and all(means(term, pod, pod) for term in near)


def is_apart(pod: Object, node: Node, placed: Placed) -> bool:
    own = any(
        means(term, pod, there) and together(term["topologyKey"], node, other)
        for term in terms(pod, "podAntiAffinity")
        for there, other in placed
    )
    theirs = any(
        means(term, there, pod) and together(term["topologyKey"], other, node)
        for there, other in placed
        for term in terms(there, "podAntiAffinity")
    )
    return not own and not theirs


def fits(pod: Object, node: Node, nodes: list[Node], placed: Placed) -> bool:
    return (
        tolerates(pod, node)
        and wants(pod, node)
        and has_room(pod, node, [there for there, other in placed if other is node])
        and keeps_skew(pod, node, nodes, placed)
        and is_near(pod, node, placed)
        and is_apart(pod, node, placed)
    )


# Generated clusters.


apps = st.sampled_from(APPS)
selectors = apps.map(lambda app: {"matchLabels": {"app": app}})

pod_terms = st.fixed_dictionaries(
    {
        "topologyKey": st.sampled_from(KEYS),
        "labelSelector": selectors,
        "namespaces": st.sampled_from([[], [], ["a"], ["a", "b"]]),
    }
)

spreads = st.fixed_dictionaries(
    {
        "topologyKey": st.sampled_from(KEYS),
        "labelSelector": selectors,
        "maxSkew": st.integers(1, 2),
        "minDomains": st.integers(1, 3),
        "nodeTaintsPolicy": st.sampled_from(["Ignore", "Honor"]),
        "whenUnsatisfiable": st.just("DoNotSchedule"),
    }
)


@st.composite
def pods(draw: st.DrawFn) -> Object:
    def some(kind: st.SearchStrategy[Object]) -> list[Object]:
        return draw(st.lists(kind, max_size=2) | st.just([]))

    ports = draw(st.sampled_from([[], [], [], [{"containerPort": 80, "hostPort": 80}]]))
    requests = {"cpu": draw(st.sampled_from(["0m", "100m", "300m"]))}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "p",
            "namespace": draw(st.sampled_from(NAMESPACES)),
            "labels": {"app": draw(apps)},
        },
        "spec": {
            "containers": [{"name": "c", "ports": ports, "resources": {"requests": requests}}],
            "nodeSelector": draw(st.sampled_from([{}, {}, {"zone": "1"}, {"disk": "fast"}])),
            "tolerations": draw(st.sampled_from([[], [{"key": "t", "operator": "Exists"}]])),
            "topologySpreadConstraints": some(spreads),
            "affinity": {
                "podAffinity": {REQUIRED: some(pod_terms)},
                "podAntiAffinity": {REQUIRED: some(pod_terms)},
            },
        },
    }


@st.composite
def clusters(draw: st.DrawFn) -> list[Node]:
    def node(index: int) -> Node:
        labels = {
            "zone": draw(st.sampled_from(["1", "2", "3", ""])),
            "host": str(index),
            "disk": draw(st.sampled_from(["fast", "slow"])),
        }
        return Node(
            name=f"n{index}",
            labels={key: value for key, value in labels.items() if value},
            cpu=draw(st.sampled_from([400, 1000])),
            memory=0,
            pods=draw(st.integers(1, 4)),
            taints=draw(st.sampled_from([(), (), (Taint(key="t", effect="NoSchedule"),)])),
        )

    return [node(index) for index in range(draw(st.integers(1, 4)))]


@settings(max_examples=250, deadline=None)
@given(clusters(), st.lists(pods(), min_size=1, max_size=9), st.data())
def test_both_readings_agree_about_every_pod_and_every_node(
    nodes: list[Node], wanted: list[Object], data: st.DataObject
) -> None:
    occupancy, placed = Occupancy(nodes, {}), Placed()
    for index, value in enumerate(wanted):
        pod = Pod(f"p{index}", read([value]).pods[0].template)

        feasible = verdict(pod, occupancy).feasible

        assert feasible == tuple(node.name for node in nodes if fits(value, node, nodes, placed))
        if feasible:
            chosen = data.draw(st.sampled_from(feasible))
            occupancy.bind(pod, chosen)
            placed.append((value, next(node for node in nodes if node.name == chosen)))


def deployment(value: Object, replicas: int) -> Object:
    metadata = {"name": value["metadata"]["labels"]["app"], "namespace": value["metadata"]["namespace"]}
    template = {"metadata": {"labels": value["metadata"]["labels"]}, "spec": value["spec"]}
    spec = {"replicas": replicas, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def budget(app: str, namespace: str, share: int | str, key: str) -> Object:
    metadata = {"name": f"{app}-{key}", "namespace": namespace}
    spec = {key: share, "selector": {"matchLabels": {"app": app}}}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata, "spec": spec}


budgets = st.builds(
    budget,
    apps,
    st.sampled_from(NAMESPACES),
    st.integers(0, 3) | st.sampled_from(["0%", "50%", "100%"]),
    st.sampled_from(["minAvailable", "maxUnavailable"]),
)


@st.composite
def workloads(draw: st.DrawFn) -> Workloads:
    made = st.builds(deployment, pods(), st.integers(1, 4))

    def place(value: Object) -> tuple[str, str]:
        return value["metadata"]["namespace"], value["metadata"]["name"]

    unique: Callable[[Object], object] = place
    return read([*draw(st.lists(made, max_size=3, unique_by=unique)), *draw(st.lists(budgets, max_size=3))])


@settings(max_examples=150, deadline=None)
@given(clusters(), workloads())
def test_a_schedule_loses_no_pod_and_keeps_within_every_node(nodes: list[Node], wanted: Workloads) -> None:
    found = schedule(wanted, nodes)

    assert {*found.placements, *(each.pod for each in found.pending)} == {*wanted.pods}
    for node in nodes:
        there = found.on(node.name)
        assert len(there) <= node.pods
        assert sum(pod.template.requests.get("cpu", 0) for pod in there) <= node.cpu


@settings(max_examples=150, deadline=None)
@given(clusters(), workloads())
def test_a_drain_ends_and_never_breaks_a_budget_that_was_kept(nodes: list[Node], wanted: Workloads) -> None:
    before = schedule(wanted, nodes)
    found = drain(before, "n0", wanted.budgets)

    stay = {each.pod for each in found.blocked}
    assert {*found.schedule.on("n0")} == stay
    assert {*found.evicted, *stay} == {*before.on("n0")}
    assert {*found.schedule.placements, *(each.pod for each in found.schedule.pending)} == {*wanted.pods}
    for each in wanted.budgets:
        healthy = [
            status(each, {**dict.fromkeys(wanted.pods, False), **dict.fromkeys(after.placements, True)})
            for after in (before, found.schedule)
        ]
        assert healthy[1].healthy >= min(healthy[0].healthy, healthy[0].desired)
