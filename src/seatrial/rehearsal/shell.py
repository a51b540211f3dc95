"""The environment of a person who looks around in a rehearsal."""

import shlex

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal import credentials, environment
from seatrial.rehearsal.account import client
from seatrial.rehearsal.state import StateFolder


def exports(state: StateFolder, stack: str, *, root: bool = False) -> list[str]:
    """Write the lines that a shell evaluates to work on the account, as the deployer or as root."""
    endpoint = client.find(state.account) if state.account.is_dir() else None
    key = credentials.read(state)
    if endpoint is None or key is None:
        raise EnvironmentFault(
            f"no rehearsal of {stack} is running", tip=f"start it with `seatrial rehearse up --stack {stack}`"
        )
    variables = environment.aws_variables(endpoint, credentials.ROOT if root else key)
    # What these would say to the SDKs concerns the user's own accounts.
    hidden = [f"unset {name}" for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN")]
    return [*hidden, *(f"export {name}={shlex.quote(value)}" for name, value in sorted(variables.items()))]
