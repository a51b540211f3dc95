"""Pods that can do their work only with what is refused to others, each with its reason."""

from collections.abc import Mapping
from typing import Final

from seatrial.rules.facts.pods import Template

_REASONS: Final[Mapping[tuple[str, str], str]] = {
    ("kube-system", "node-local-dns"): "it answers on an address that it gives its node, and writes the node's rules",
}
"""Namespace and name to why: NodeLocal DNSCache, https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/."""


def exempt(template: Template) -> str:
    """Return why a pod may have what others may not; empty when it may not."""
    return _REASONS.get((template.object.namespace, template.object.name), "")
