"""Rules and requests: the cases of upstream's table of rules, in few words.

After TestRuleMatches in
https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/auth/authorizer/rbac/rbac_test.go.
"""

from itertools import product

import pytest

from seatrial.semantics.rbac import Request, Rule


def _rule(verbs: str, groups: str = "", resources: str = "", paths: str = "", names: str = "") -> Rule:
    return Rule(
        verbs=tuple(verbs.split()),
        groups=tuple(groups.split()),
        resources=tuple(resources.split()),
        paths=tuple(paths.split()),
        names=tuple(names.split()),
    )


EVERY = {" ".join(each) for each in product(("v1", "v2"), ("g1", "g2"), ("r1", "r2"))}


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        pytest.param(_rule("*", "g1", "r1"), {"v1 g1 r1", "v2 g1 r1"}, id="any verb"),
        pytest.param(_rule("v1", "*", "r1"), {"v1 g1 r1", "v1 g2 r1"}, id="any group"),
        pytest.param(_rule("v1", "g1", "*"), {"v1 g1 r1", "v1 g1 r2"}, id="any resource"),
        pytest.param(_rule("v1 v2", "g1 g2", "r1 r2"), EVERY, id="lists multiply"),
        pytest.param(_rule("v1", "g1", "r1/s1"), set[str](), id="a subresource is not its resource"),
        pytest.param(_rule("v1", paths="*"), set[str](), id="paths are no resources"),
    ],
)
def test_a_rule_allows_what_it_lists(rule: Rule, allowed: set[str]) -> None:
    found = {each for each in EVERY if rule.allows(Request(verb=each[:2], group=each[3:5], resource=each[6:]))}

    assert found == allowed


@pytest.mark.parametrize(
    ("resources", "full", "allowed"),
    [
        ("r1/s1", "r1/s1", True),
        ("r1/s1", "r1/s2", False),
        ("r1/s1", "r2/s1", False),
        ("r1", "r1/s1", False),
        ("*", "r1/s1", True),
        ("*/scale", "pods/scale", True),
        ("*/scale", "anything/scale", True),
        ("*/scale", "pods/status", False),
        ("*/scale", "pods", False),
        ("pods/*", "pods/log", False),
    ],
)
def test_subresources_are_resources_of_their_own(resources: str, full: str, allowed: bool) -> None:
    resource, _, subresource = full.partition("/")
    request = Request(verb="get", group="g", resource=resource, subresource=subresource)

    assert _rule("*", "*", resources).allows(request) is allowed


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (_rule("v1", paths="*"), {"/foo", "/foo/bar", "/foo/bar/one", "/notfoo/bar"}),
        (_rule("v1", paths="/foo/*"), {"/foo/bar", "/foo/bar/one"}),
        (_rule("*", paths="/foo /foo/bar/one"), {"/foo", "/foo/bar/one"}),
        (_rule("v1", paths="/foo*"), {"/foo", "/foo/bar", "/foo/bar/one"}),
        (_rule("v1", paths="/foo/**"), {"/foo/bar", "/foo/bar/one"}),
        (_rule("v1", paths="/*/bar"), set[str]()),
        (_rule("v2", paths="*"), set[str]()),
        (_rule("v1", "*", "*"), set[str]()),
    ],
)
def test_paths_end_in_a_star_or_are_meant_as_they_are(rule: Rule, allowed: set[str]) -> None:
    paths = ("/foo", "/foo/bar", "/foo/bar/one", "/notfoo/bar")

    assert {path for path in paths if rule.allows(Request(verb="v1", path=path))} == allowed


@pytest.mark.parametrize(("name", "allowed"), [("a", True), ("b", True), ("c", False), ("", False)])
def test_names_limit_a_rule_to_some_objects(name: str, allowed: bool) -> None:
    request = Request(verb="get", resource="secrets", name=name)

    assert _rule("*", "*", "*", names="a b").allows(request) is allowed


def test_the_case_of_verbs_matters() -> None:
    assert not _rule("get", "*", "*").allows(Request(verb="GET", resource="pods"))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (Rule(verbs=("get", "list"), groups=("", "apps"), resources=("pods",)), "get, list of pods, pods.apps"),
        (Rule(verbs=("get",), groups=("",), resources=("pods",), names=("a", "b")), "get of pods named a, b"),
        (Rule(verbs=("get",), paths=("/healthz", "/api/*")), "get of /healthz, /api/*"),
    ],
)
def test_a_rule_in_words(rule: Rule, text: str) -> None:
    assert str(rule) == text
