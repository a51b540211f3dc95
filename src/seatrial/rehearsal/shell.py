"""The environment of a person who looks around in a rehearsal."""

import os
import shlex

from seatrial.config import load_platform
from seatrial.errors import EnvironmentFault, UsageError, listed
from seatrial.rehearsal import credentials, documents, environment, principals
from seatrial.rehearsal.account import client
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.credentials import AccessKey
from seatrial.rehearsal.state import StateFolder

DEPLOYER, ROOT = "deployer", "root"
"""Names of the identities that every rehearsal has, besides those of its description."""


def exports(state: StateFolder, stack: str, *, who: str = "") -> list[str]:
    """Write the lines that a shell evaluates to work on the account and in its cluster as somebody.

    ``who`` is the name of an administrator, a tenant, ``stranger``, ``deployer`` or ``root``; empty for the
    administrator that the deployment enters the cluster as, or the deployer where there is none.
    """
    endpoint = client.find(state.account) if state.account.is_dir() else None
    if endpoint is None or credentials.read(state) is None:
        raise EnvironmentFault(
            f"no rehearsal of {stack} is running", tip=f"start it with `seatrial rehearse up --stack {stack}`"
        )
    with environment.isolated():
        key = _key(state, stack, endpoint, who)
    # Before there is a kubeconfig too: without this kubectl would reach a cluster of the user's own.
    variables = {**environment.aws_variables(endpoint, key), "KUBECONFIG": str(state.kubeconfig)}
    # What others would say to the SDKs concerns the user's own accounts.
    foreign = {"AWS_PROFILE", "AWS_SESSION_TOKEN", *environment.foreign(("AWS_",))} - set(variables)
    hidden = [f"unset {name}" for name in sorted(foreign)]
    lines = [f"export {name}={shlex.quote(value)}" for name, value in sorted(variables.items())]
    return [*hidden, *lines, *_path(state)]


def _path(state: StateFolder) -> list[str]:
    """Put kubectl, Helm and the AWS CLI of the rehearsal first, once however often the lines are evaluated."""
    tools = str(state.tools)
    there = tools in os.environ.get("PATH", "").split(os.pathsep)
    return [] if there or not state.tools.is_dir() else [f'export PATH={shlex.quote(tools)}:"$PATH"']


def _key(state: StateFolder, stack: str, endpoint: Endpoint, who: str) -> AccessKey:
    platform = load_platform(documents.copied(state, stack))
    who = who or platform.deploys_as or DEPLOYER
    if who == ROOT:
        return credentials.ROOT
    deployer = credentials.read(state)
    if who == DEPLOYER and deployer is not None:
        return deployer
    known = principals.named(endpoint, platform)
    if who not in known:
        names = listed(sorted({*known, DEPLOYER, ROOT}))
        raise UsageError(f"nobody in the rehearsal of {stack} is called {who!r}; there are: {names}")
    if deployer is not None and ":user/" in platform.enters_as and known[who] == platform.enters_as:
        return deployer
    return principals.key(endpoint, known[who])
