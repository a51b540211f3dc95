"""The environment of everything that a rehearsal starts: its own settings, none of the user's AWS or Pulumi ones."""

import os
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.credentials import AccessKey
from seatrial.rehearsal.state import StateFolder

_FOREIGN = ("AWS_", "PULUMI_")

_FILES = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
"""In place of ``~/.aws``: its defaults would count too."""

_LOOPBACK = ("127.0.0.1", "localhost")

_NO_PROXY = ("NO_PROXY", "no_proxy")
"""Programs differ in which of the two they read, and which they prefer."""


@contextmanager
def isolated() -> Generator[None]:
    """Hide the user's AWS and Pulumi settings from this process: a profile or a backend of theirs must not count."""
    before = dict(os.environ)
    for name in foreign():
        del os.environ[name]
    os.environ.update({**_FILES, **_without_proxy(before)})
    try:
        yield
    finally:
        for name in (*_FILES, *_NO_PROXY):
            os.environ.pop(name, None)
        os.environ.update(before)


@contextmanager
def temporary(folder: Path) -> Generator[None]:
    """Put this process's temporary files into a folder that is there: who is killed can't remove them."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def foreign(beginnings: tuple[str, ...] = _FOREIGN) -> list[str]:
    """Name the user's own settings."""
    return [name for name in os.environ if name.startswith(beginnings)]


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
        **_FILES,
        **_without_proxy(os.environ),
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


def _without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    # A proxy can't reach this machine's loopback.
    others = [host for name in _NO_PROXY for host in environment.get(name, "").split(",") if host]
    return dict.fromkeys(_NO_PROXY, ",".join(dict.fromkeys([*others, *_LOOPBACK])))
