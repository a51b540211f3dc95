"""Configuration of a provider resource."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.provider.experimental import provider as protocol
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.proto import provider_pb2

from seatrial.rehearsal.providers.refusals import ProviderFault, Rejected
from seatrial.rehearsal.providers.server import Servicer
from seatrial.rehearsal.providers.values import UNKNOWN, plain_values, property_values

if TYPE_CHECKING:
    from conftest import Driver, FakeCluster, MakeDriver, Values

URN = "urn:pulumi:test::seatrial::pulumi:providers:kubernetes::it"
SETTINGS: Values = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "it"}}


def _kubeconfig(server: str, token: str = "") -> str:
    return json.dumps(
        {
            "current-context": "x",
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": server}}],
            "users": [{"name": "u", "user": {"token": token}}],
        }
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"kubeconfig": "x"}, []),
        ({"kubeconfig": UNKNOWN, "clusterIdentifier": UNKNOWN, "deleteUnreachable": UNKNOWN}, []),
        ({"kubeconfig": "x", "enableServerSideApply": "true", "namespace": "dev", "version": "4.0.0"}, []),
        ({}, ["kubeconfig: found none"]),
        ({"kubeconfig": "x", "enableServerSideApply": "false"}, ["enableServerSideApply: found false"]),
        ({"kubeconfig": "x", "deleteUnreachable": "perhaps"}, ["deleteUnreachable: allowed: true, false"]),
        ({"kubeconfig": "x", "context": "y"}, ["context: found something that a rehearsal can't do"]),
    ],
)
def test_configuration_is_checked(driver: Driver, arguments: Values, said: list[str]) -> None:
    request = protocol.CheckRequest(URN, {}, property_values(arguments), b"")

    answer = driver.run(driver.provider.check_config(request))

    assert plain_values(answer.inputs) == arguments
    reasons = [failure.reason for failure in answer.failures]
    assert len(reasons) == len(said)
    assert all(reason.startswith(start) for reason, start in zip(reasons, said, strict=True))


def _changes(driver: Driver, old: Values, new: Values) -> tuple[list[str], list[str]]:
    request = protocol.DiffRequest(URN, "x", property_values(old), property_values(new), [])
    answer = driver.run(driver.provider.diff_config(request))
    return answer.diffs, answer.replaces


ONE, OTHER = _kubeconfig("https://one.test"), _kubeconfig("https://other.test")


@pytest.mark.parametrize(
    ("old", "new", "changed", "replaced"),
    [
        ({"kubeconfig": ONE}, {"kubeconfig": ONE}, [], []),
        ({"kubeconfig": ONE}, {"kubeconfig": _kubeconfig("https://one.test", "b")}, ["kubeconfig"], []),
        ({"kubeconfig": ONE}, {"kubeconfig": OTHER}, ["kubeconfig"], ["kubeconfig"]),
        ({"kubeconfig": ONE}, {"kubeconfig": "none"}, ["kubeconfig"], ["kubeconfig"]),
        ({"kubeconfig": ONE}, {"kubeconfig": UNKNOWN}, ["kubeconfig"], ["kubeconfig"]),
        ({"kubeconfig": ONE, "namespace": "a"}, {"kubeconfig": ONE}, ["namespace"], []),
        ({"kubeconfig": ONE}, {"kubeconfig": ONE, "namespace": "a"}, ["namespace"], []),
        (
            {"kubeconfig": ONE, "clusterIdentifier": "a"},
            {"kubeconfig": OTHER, "clusterIdentifier": "a"},
            ["kubeconfig"],
            [],
        ),
        (
            {"kubeconfig": ONE, "clusterIdentifier": "a"},
            {"kubeconfig": UNKNOWN, "clusterIdentifier": "a"},
            ["kubeconfig"],
            [],
        ),
        (
            {"kubeconfig": ONE, "clusterIdentifier": "a"},
            {"kubeconfig": ONE, "clusterIdentifier": "b"},
            ["clusterIdentifier"],
            ["clusterIdentifier"],
        ),
        (
            {"kubeconfig": ONE, "clusterIdentifier": "a"},
            {"kubeconfig": ONE, "clusterIdentifier": UNKNOWN},
            ["clusterIdentifier"],
            ["clusterIdentifier"],
        ),
        ({"kubeconfig": ONE}, {"kubeconfig": ONE, "clusterIdentifier": "b"}, ["clusterIdentifier"], []),
        ({}, {"kubeconfig": ONE}, ["kubeconfig"], ["kubeconfig"]),
    ],
)
def test_everything_is_made_anew_only_in_another_cluster(
    driver: Driver, old: Values, new: Values, changed: list[str], replaced: list[str]
) -> None:
    assert _changes(driver, old, new) == (changed, replaced)


def test_namespace_is_where_objects_are_that_do_not_say(make_driver: MakeDriver, cluster: FakeCluster) -> None:
    identity, state = make_driver(namespace="dev").create(SETTINGS)

    assert identity == "dev/it"
    assert cluster.sent("PATCH")[0].startswith("/api/v1/namespaces/dev/configmaps/it?")
    driver = make_driver(namespace="dev")
    assert driver.changes(state, {**SETTINGS, "metadata": {"name": "it", "namespace": "dev"}}) == {}
    moved = driver.diff(state, {**SETTINGS, "metadata": {"name": "it", "namespace": "prod"}})
    assert (moved.replaces, moved.delete_before_replace) == (["metadata"], False)


def test_kubeconfig_that_is_none_is_told(driver: Driver) -> None:
    with pytest.raises(Rejected, match="provider kubernetes: kubeconfig: found no YAML mapping"):
        type(driver)().configure(kubeconfig="~/.kube/config")


def test_cluster_of_the_user_is_never_used(driver: Driver) -> None:
    with pytest.raises(ProviderFault, match="the cluster isn't known yet"):
        type(driver)().configure().create(SETTINGS)


@pytest.mark.parametrize("how", ["away", "stranger", "speechless"])
@pytest.mark.parametrize("forgets", [True, False])
def test_what_was_in_an_unreachable_cluster_is_gone_if_configured(
    driver: Driver, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch, how: str, forgets: bool
) -> None:
    monkeypatch.setattr("seatrial.rehearsal.kubernetes_api.connection._LONGEST_PAUSE", 0.0)
    config: Any = json.loads(_kubeconfig(cluster.url if how == "stranger" else "http://127.0.0.1:9"))
    cluster.refuse("GET", 401, "who are you?", times=9)
    if how == "speechless":
        config["users"][0]["user"] = {"exec": {"command": "no-such-command"}}
    lost = type(driver)().configure(kubeconfig=json.dumps(config), deleteUnreachable=str(forgets).lower())
    monkeypatch.setattr(vars(lost.provider)["_cluster"]._connection, "_patience", 0.0)

    if forgets:
        assert lost.read("kubernetes:core/v1:ConfigMap", "dev/it", SETTINGS, SETTINGS) is None
        lost.delete("kubernetes:core/v1:ConfigMap", "dev/it", SETTINGS)
        assert len(lost.warnings.told) == 2
        assert all(text.startswith("taken for gone: ") for text in lost.warnings.told)
    else:
        with pytest.raises(ProviderFault):
            lost.delete("kubernetes:core/v1:ConfigMap", "dev/it", SETTINGS)


def test_other_refusals_are_not_forgotten(make_driver: MakeDriver, cluster: FakeCluster) -> None:
    cluster.refuse("GET /api/v1/namespaces", 403, "not for you")

    with pytest.raises(ProviderFault, match="not for you"):
        make_driver(deleteUnreachable="true").read("kubernetes:core/v1:ConfigMap", "dev/it")


def test_there_are_no_functions_and_hardly_a_schema(driver: Driver) -> None:
    with pytest.raises(Rejected, match="there are no functions here"):
        driver.run(driver.provider.invoke(protocol.InvokeRequest("kubernetes:helm:template", {})))

    assert json.loads(driver.run(driver.provider.get_schema(protocol.GetSchemaRequest(0))).schema) == {
        "name": "kubernetes"
    }


def _config(kubeconfig: str) -> Any:
    return PropertyValue.marshal_map(property_values({"kubeconfig": kubeconfig}))


@pytest.mark.parametrize(("kubeconfig", "changed"), [(ONE, []), (OTHER, ["kubeconfig"])])
def test_the_engine_is_told_of_a_changed_configuration(driver: Driver, kubeconfig: str, changed: list[str]) -> None:
    servicer = Servicer([], "1.0.0", driver.provider, engine_address="")
    request = provider_pb2.DiffRequest(urn=URN, olds=_config(ONE), news=_config(kubeconfig))

    answer = driver.run(servicer.DiffConfig(request, None))

    assert (list(answer.diffs), list(answer.replaces)) == (changed, changed)
    assert answer.changes == (answer.DIFF_SOME if changed else answer.DIFF_NONE)
