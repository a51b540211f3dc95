"""The environment of everything that a rehearsal starts: its own settings, none of the user's AWS or Pulumi ones."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.credentials import AccessKey
from seatrial.rehearsal.state import StateFolder

_FOREIGN = ("AWS_", "PULUMI_")


@contextmanager
def isolated() -> Generator[None]:
    """Hide the user's AWS and Pulumi settings from this process: a profile or a backend of theirs must not count."""
    hidden = {name: value for name, value in os.environ.items() if name.startswith(_FOREIGN)}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)


def aws_variables(endpoint: Endpoint, key: AccessKey) -> dict[str, str]:
    """Give the variables with which every AWS SDK and the AWS CLI work on the account."""
    return {
        "AWS_ENDPOINT_URL": endpoint.url,
        "AWS_CA_BUNDLE": endpoint.ca,
        "AWS_ACCESS_KEY_ID": key.id,
        "AWS_SECRET_ACCESS_KEY": key.secret,
        **({"AWS_SESSION_TOKEN": key.token} if key.token else {}),
        "AWS_REGION": endpoint.region,
        "AWS_DEFAULT_REGION": endpoint.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": _no_proxy(os.environ),
    }


def engine_variables(state: StateFolder) -> dict[str, str]:
    """Give the variables that keep the engine, and all it writes, in the state folder."""
    return {
        "PULUMI_BACKEND_URL": state.backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(state.passphrase),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "SEATRIAL_STATE_DIR": str(state.provider),
        "SEATRIAL_HELM": str(state.binaries / "helm"),
        "TMPDIR": str(state.temporary),
    }


def _no_proxy(environment: Mapping[str, str]) -> str:
    # A proxy can't reach this machine's loopback.
    others = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    return ",".join(filter(None, [others, "127.0.0.1"]))
