"""The account that is swept: whoever calls it, and whether the cluster is still there."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from seatrial.errors import EnvironmentFault
from seatrial.sweep.model import Clients

_ATTEMPTS = 6
"""Before a throttled call, or one that nobody answers, counts as refused: some fifteen seconds."""

_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")

_PERMISSIONS = 'the part "leftovers" of the deployer\'s policy allows what sweeping needs: docs/deploy-and-destroy.md'

_CREDENTIALS = "name credentials as for the AWS CLI: AWS_PROFILE, AWS_ACCESS_KEY_ID, or `aws sso login`"


@dataclass(frozen=True, slots=True)
class Account:
    """An AWS account, as a caller sees it in a region."""

    id: str
    """Twelve digits."""

    region: str
    caller: str
    """ARN of whoever calls."""

    clients: Clients


def enter(region: str) -> Account:
    """Call AWS with the credentials that its own tools would use.

    Raises:
        EnvironmentFault: There are none, they aren't accepted, or AWS can't be reached.

    """
    with reported():
        clients = _clients(region)
        identity = clients("sts").get_caller_identity()
    return Account(id=identity["Account"], region=region, caller=identity["Arn"], clients=clients)


def _clients(region: str) -> Clients:
    # The types of boto3's clients need a package of stubs per service.
    session = cast("Any", boto3).session.Session(region_name=region)
    retries = Config(retries={"mode": "standard", "max_attempts": _ATTEMPTS})

    @cache
    def client(service: str) -> Any:
        return session.client(service, config=retries)

    return client


def cluster_status(account: Account, cluster: str) -> str:
    """Give what EKS says of a cluster: ``ACTIVE``, ``DELETING``; empty when it isn't there."""
    eks = account.clients("eks")
    with reported():
        try:
            return str(eks.describe_cluster(name=cluster)["cluster"]["status"])
        except eks.exceptions.ResourceNotFoundException:
            return ""


@contextmanager
def reported() -> Generator[None]:
    """Turn a refusal of AWS, or its silence, into what a person can act upon."""
    try:
        yield
    except NoCredentialsError as error:
        raise EnvironmentFault("there are no AWS credentials", tip=_CREDENTIALS) from error
    except ClientError as error:
        said: Mapping[str, str] = cast("Any", error).response["Error"]
        tip = _PERMISSIONS if said["Code"] in _DENIED else _CREDENTIALS
        raise EnvironmentFault(f"AWS refuses {error.operation_name}: {said['Message']}", tip=tip) from error
    except BotoCoreError as error:
        raise EnvironmentFault(f"AWS can't be called: {error}", tip=_CREDENTIALS) from error
