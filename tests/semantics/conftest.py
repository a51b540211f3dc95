"""A real control plane for the tests that ask Kubernetes itself."""

import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from seatrial.rehearsal.control_plane import Blueprint
    from seatrial.rehearsal.kubernetes_api import Cluster

_PATIENCE = 120.0
_ONCE = 0.1


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> "Generator[Cluster]":
    """Give a cluster without nodes."""
    # All that unit tests can do without.
    from seatrial.rehearsal import equipment  # noqa: PLC0415 (as said)
    from seatrial.rehearsal.control_plane import ControlPlane, Phase  # noqa: PLC0415 (as said)
    from seatrial.rehearsal.kubernetes_api import Cluster  # noqa: PLC0415 (as said)
    from seatrial.rehearsal.progress import Silent  # noqa: PLC0415 (as said)
    from seatrial.rehearsal.toolchain import provide_kubernetes  # noqa: PLC0415 (as said)

    tools = equipment.control_plane(provide_kubernetes("1.36", Silent()))
    blueprint = _blueprint(tmp_path_factory.mktemp("cluster"))
    # Nobody comes with a bearer token: any certificate does for the webhook.
    plane = ControlPlane(replace(blueprint, webhook_authority=ControlPlane(blueprint, tools).authority), tools)
    plane.start()
    try:
        deadline = time.monotonic() + _PATIENCE
        while plane.phase is Phase.STARTING and time.monotonic() < deadline:
            time.sleep(0.05)
        assert plane.phase is Phase.READY, plane.reason
        # A refused eviction is "too many requests": asking again is of no use.
        yield Cluster.of_kubeconfig(plane.admin_kubeconfig.read_text(), patience=_ONCE)
    finally:
        plane.remove()


def _blueprint(folder: Path) -> "Blueprint":
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 (as said)
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 (as said)

    from seatrial.rehearsal.control_plane import Blueprint  # noqa: PLC0415 (as said)

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Blueprint(
        name="oracle",
        folder=folder / "plane",
        issuer="https://localhost:29999/oidc/id/ABC",
        signing_key=private.decode(),
        service_cidr="172.20.0.0/16",
        token_webhook="https://localhost:29999/token-review",
        webhook_authority=b"",
    )
