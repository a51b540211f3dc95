"""The configuration of a provider resource: which cluster, and how its objects are treated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.rehearsal.kubernetes_api import kubeconfig as kubeconfigs
from seatrial.rehearsal.kubernetes_api.refusals import KubeconfigFault
from seatrial.rehearsal.providers.changes import Action, Change
from seatrial.rehearsal.providers.values import UNKNOWN, Value, Values

_SILENT = frozenset(
    {"suppressDeprecationWarnings", "suppressHelmHookWarnings", "pluginDownloadURL", "version", "clusterIdentifier"}
)
"""What changes nothing for a rehearsal."""

_TOGGLES = frozenset(
    {
        "enableServerSideApply",
        "enableConfigMapMutable",
        "enableSecretMutable",
        "enablePatchForce",
        "deleteUnreachable",
        "upsertExistingObjects",
    }
)

_ALLOWED = frozenset({"kubeconfig", "namespace", *_TOGGLES, *_SILENT})


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a provider resource says."""

    kubeconfig: Value = None
    """Text, or what the text says; UNKNOWN before the cluster is there; None when it wasn't given."""
    namespace: str = ""
    """Where objects are that don't say; empty: where the kubeconfig says."""
    mutable_config_maps: bool = False
    """Whether a ConfigMap's data can be changed without making it anew."""
    mutable_secrets: bool = False
    force: bool = False
    """Whether fields are taken over that others have set."""
    upsert: bool = False
    """Whether objects are taken over that are there already."""
    forget_unreachable: bool = False
    """Whether what was in a cluster that can't be reached counts as gone."""


def faults(arguments: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Return what is wrong with the configuration: the property's name, and why."""
    found = [
        (name, f"{name}: found something that a rehearsal can't do; allowed: {', '.join(sorted(_ALLOWED))}")
        for name in sorted(set(arguments) - _ALLOWED)
    ]
    if "kubeconfig" not in arguments:
        found.append(
            ("kubeconfig", "kubeconfig: found none; allowed: one (a cluster of this machine's user is never used)")
        )
    toggles = sorted(_TOGGLES.intersection(arguments))
    found += [(it, f"{it}: allowed: true, false") for it in toggles if arguments[it] not in (True, False, UNKNOWN)]
    if arguments.get("enableServerSideApply") is False:
        found.append(("enableServerSideApply", "enableServerSideApply: found false; allowed: true"))
    return found


def read(arguments: Mapping[str, Value]) -> Configuration:
    """Read a configuration that has no faults."""
    return Configuration(
        kubeconfig=arguments.get("kubeconfig"),
        namespace=arguments.get("namespace") or "",
        mutable_config_maps=arguments.get("enableConfigMapMutable") is True,
        mutable_secrets=arguments.get("enableSecretMutable") is True,
        force=arguments.get("enablePatchForce") is True,
        upsert=arguments.get("upsertExistingObjects") is True,
        forget_unreachable=arguments.get("deleteUnreachable") is True,
    )


def changes(old: Mapping[str, Value], new: Mapping[str, Value]) -> list[Change]:
    """Return what changed, and whether all that is in the cluster has to be made anew.

    It does when ``clusterIdentifier`` says that this is another cluster; without one, when the kubeconfig leads to
    another, or it isn't known yet to which.
    """
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return [Change(name, name, _action(old, new, name), replaces=_replaces(old, new, name)) for name in names]


def _action(old: Mapping[str, Value], new: Mapping[str, Value], name: str) -> Action:
    if name not in old:
        return Action.ADD
    return Action.UPDATE if name in new else Action.DELETE


def _replaces(old: Mapping[str, Value], new: Mapping[str, Value], name: str) -> bool:
    before, after = old.get("clusterIdentifier"), new.get("clusterIdentifier")
    if name == "clusterIdentifier":
        return before is not None and after is not None
    if name != "kubeconfig" or (after is not None and before == after):
        return False
    return new.get("kubeconfig") is UNKNOWN or _target(old) != _target(new)


def _target(arguments: Mapping[str, Value]) -> Any:
    """Return what tells a cluster from another one in its kubeconfig."""
    try:
        config = kubeconfigs.read(arguments.get("kubeconfig") or Values())
    except KubeconfigFault:
        return None
    return config.server, config.authority, config.server_name
