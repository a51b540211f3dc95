"""A provider over an emulated account that the whole session shares."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import boto3
import pytest
from pulumi.provider.experimental import provider as protocol

from seatrial.rehearsal.account import client as accounts
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.providers.aws.provider import AwsProvider
from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.values import plain_values, property_values

T = TypeVar("T")
Values = dict[str, Any]
REGION = "us-east-2"


class Driver:
    """Asks a provider what the engine would ask, in plain values."""

    def __init__(self, provider: AwsProvider) -> None:
        self.provider = provider

    def run(self, answer: Coroutine[Any, Any, T]) -> T:
        return asyncio.run(answer)

    def urn(self, kind: str, name: str) -> str:
        return f"urn:pulumi:test::seatrial::seatrial:index:Network${kind}::{name}"

    def configure(self, **arguments: Any) -> protocol.ConfigureResponse:
        request = protocol.ConfigureRequest({}, property_values(arguments), accept_secrets=True, accept_resources=True)
        return self.run(self.provider.configure(request))

    def check(self, kind: str, inputs: Values, secret: tuple[str, ...] = ()) -> list[str]:
        values = property_values(inputs, secret)
        answer = self.run(self.provider.check(protocol.CheckRequest(self.urn(kind, "it"), {}, values, b"")))
        assert answer.inputs == values
        return [failure.reason for failure in answer.failures or []]

    def check_config(self, arguments: Values) -> list[str]:
        urn = "urn:pulumi:test::seatrial::pulumi:providers:aws::it"
        request = protocol.CheckRequest(urn, {}, property_values(arguments), b"")
        answer = self.run(self.provider.check_config(request))
        return [failure.reason for failure in answer.failures or []]

    def create(
        self, kind: str, inputs: Values, name: str = "it", *, seconds: float = 0, preview: bool = False
    ) -> Values:
        assert not self.check(kind, inputs)
        request = protocol.CreateRequest(self.urn(kind, name), property_values(inputs), seconds, preview)
        answer = self.run(self.provider.create(request))
        return plain_values(answer.properties)

    def read(self, kind: str, identity: str, state: Values, inputs: Values) -> tuple[Values, Values] | None:
        request = protocol.ReadRequest(self.urn(kind, "it"), identity, property_values(state), property_values(inputs))
        answer = self.run(self.provider.read(request))
        if not answer.resource_id:
            return None
        found, kept = plain_values(answer.properties), plain_values(answer.inputs)
        assert answer.resource_id == found["id"]
        return found, kept

    def diff(self, kind: str, state: Values, inputs: Values, ignored: tuple[str, ...] = ()) -> protocol.DiffResponse:
        old, new = property_values(state), property_values(inputs)
        request = protocol.DiffRequest(self.urn(kind, "it"), state.get("id", ""), old, new, list(ignored))
        return self.run(self.provider.diff(request))

    def changes(self, kind: str, state: Values, inputs: Values) -> dict[str, str]:
        answer = self.diff(kind, state, inputs)
        assert answer.changes is bool(answer.detailed_diff)
        return {path: change.kind.name for path, change in answer.detailed_diff.items()}

    def update(self, kind: str, state: Values, inputs: Values, *, seconds: float = 0, preview: bool = False) -> Values:
        old, new = property_values(state), property_values(inputs)
        request = protocol.UpdateRequest(self.urn(kind, "it"), state["id"], old, new, seconds, [], preview)
        return plain_values(self.run(self.provider.update(request)).properties)

    def delete(self, kind: str, state: Values, *, seconds: float = 5) -> None:
        request = protocol.DeleteRequest(self.urn(kind, "it"), state["id"], property_values(state), seconds)
        self.run(self.provider.delete(request))

    def invoke(self, token: str, arguments: Values) -> Values:
        answer = self.run(self.provider.invoke(protocol.InvokeRequest(token, property_values(arguments))))
        return plain_values(answer.return_value or {})


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a running account, which the environment names."""
    folder = tmp_path_factory.mktemp("account")
    server, endpoint = _served(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", endpoint.url)
        patch.setenv("AWS_CA_BUNDLE", str(endpoint.ca))
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("SEATRIAL_SETTLE_SECONDS", "0.3")
        yield folder
    server.terminate()
    server.wait()


def _served(folder: Path) -> tuple[subprocess.Popen[bytes], Endpoint]:
    """Start an account as a child, to be waited for."""
    command = [sys.executable, "-m", "seatrial.rehearsal.account", "--state-dir", str(folder), "--region", REGION]
    server = subprocess.Popen([*command, "--delay", "0.05"])
    deadline = time.monotonic() + 30
    while (endpoint := accounts.find(folder)) is None:
        assert server.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return server, endpoint


MakeDriver = Callable[..., Driver]


@pytest.fixture(scope="session")
def make_driver(account: Path) -> MakeDriver:
    """Makes a provider of one's own over the account, with the arguments of a provider resource."""
    assert account.exists()

    def make(creations: Creations | None = None, **arguments: Any) -> Driver:
        driver = Driver(AwsProvider(creations or Creations(None)))
        driver.configure(region=REGION, **arguments)
        return driver

    return make


@pytest.fixture(scope="session")
def driver(make_driver: MakeDriver) -> Driver:
    """A provider that tests share."""
    return make_driver()


@pytest.fixture(scope="session")
def offline() -> Driver:
    """A provider without an account: enough to check and to compare."""
    driver = Driver(AwsProvider(Creations(None)))
    driver.configure(region=REGION)
    return driver


@pytest.fixture
def client(account: Path) -> Callable[[str], Any]:
    """Makes clients with which to change things behind the provider's back."""
    assert account.exists()
    session: Any = boto3.Session(region_name=REGION)
    return session.client


@pytest.fixture
def disturb(account: Path) -> Iterator[Callable[..., None]]:
    """Injects faults into the account, until the test's end."""
    yield lambda *rules: accounts.inject(account, rules)
    accounts.inject(account, ())


@pytest.fixture
def calls(account: Path) -> Callable[[], list[str]]:
    """Names the mutating API calls that were made since the last time."""
    reads = ("Describe", "Get", "List")
    seen = len(accounts.calls(account))

    def since() -> list[str]:
        nonlocal seen
        records = accounts.calls(account)
        fresh, seen = records[seen:], len(records)
        return [record["operation"] for record in fresh if not record["operation"].startswith(reads)]

    return since


@dataclass(frozen=True, slots=True, kw_only=True)
class Landscape:
    """Ids, names and ARNs of what most resources need; made once."""

    vpc: str
    subnets: list[str]
    gateway: str
    table: str
    group: str
    address: str
    key: str
    other_key: str
    log_group: str
    cluster_role: str
    node_role: str
    flow_role: str
    pod_role: str
    template: str
    cluster: str
    bucket: str
    region: str = REGION

    @staticmethod
    def key_policy() -> str:
        root = {"AWS": "arn:aws:iam::000000000000:root"}
        logs = {"Service": f"logs.{REGION}.amazonaws.com"}
        uses = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        statements = [
            {"Sid": "Account", "Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"},
            {"Sid": "Logs", "Effect": "Allow", "Principal": logs, "Action": uses, "Resource": "*"},
        ]
        return json.dumps({"Version": "2012-10-17", "Statement": statements})

    @staticmethod
    def trust(service: str) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="session")
def landscape(driver: Driver) -> Landscape:
    """What most resources need."""
    vpc = driver.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})["id"]
    zones = enumerate((f"{REGION}a", f"{REGION}b", f"{REGION}c"))
    subnets = [
        driver.create(
            "aws:ec2/subnet:Subnet",
            {"vpcId": vpc, "cidrBlock": f"10.0.{i}.0/24", "availabilityZone": zone, "mapPublicIpOnLaunch": True},
        )
        for i, zone in zones
    ]
    group = {"name": "land", "vpcId": vpc, "description": "Land"}
    roles = {name: _role(driver, name) for name in ("eks", "ec2", "vpc-flow-logs", "pods.eks")}
    _attach(driver, "land-eks", "AmazonEKSClusterPolicy")
    for policy in ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"):
        _attach(driver, "land-ec2", policy)
    keys = [driver.create("aws:kms/key:Key", {"policy": Landscape.key_policy()})["arn"] for _ in range(2)]
    ids = [subnet["id"] for subnet in subnets]
    gateway = driver.create("aws:ec2/internetGateway:InternetGateway", {"vpcId": vpc})["id"]
    _publish(driver, vpc, gateway, ids[1:])
    return Landscape(
        vpc=vpc,
        subnets=ids,
        gateway=gateway,
        table=driver.create("aws:ec2/routeTable:RouteTable", {"vpcId": vpc})["id"],
        group=driver.create("aws:ec2/securityGroup:SecurityGroup", group)["id"],
        address=driver.create("aws:ec2/eip:Eip", {"domain": "vpc"})["id"],
        key=keys[0],
        other_key=keys[1],
        log_group=driver.create("aws:cloudwatch/logGroup:LogGroup", {"name": "land"})["arn"],
        cluster_role=roles["eks"],
        node_role=roles["ec2"],
        flow_role=roles["vpc-flow-logs"],
        pod_role=roles["pods.eks"],
        template=driver.create("aws:ec2/launchTemplate:LaunchTemplate", {"name": "land"})["id"],
        cluster=_cluster(driver, roles["eks"], ids),
        bucket=driver.create("aws:s3/bucket:Bucket", {"bucket": "land"})["id"],
    )


def _publish(driver: Driver, vpc: str, gateway: str, subnets: list[str]) -> None:
    """Connect subnets with the internet: nodes there have to reach it."""
    table = driver.create("aws:ec2/routeTable:RouteTable", {"vpcId": vpc})["id"]
    route = {"routeTableId": table, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway}
    driver.create("aws:ec2/route:Route", route)
    for subnet in subnets:
        inputs = {"routeTableId": table, "subnetId": subnet}
        driver.create("aws:ec2/routeTableAssociation:RouteTableAssociation", inputs)


def _role(driver: Driver, service: str) -> str:
    inputs = {"name": f"land-{service}", "assumeRolePolicy": Landscape.trust(service)}
    return driver.create("aws:iam/role:Role", inputs)["arn"]


def _attach(driver: Driver, role: str, policy: str) -> None:
    inputs = {"role": role, "policyArn": f"arn:aws:iam::aws:policy/{policy}"}
    driver.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", inputs)


def _cluster(driver: Driver, role: str, subnets: list[str]) -> str:
    access = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True}
    inputs = {"name": "land", "roleArn": role, "vpcConfig": {"subnetIds": subnets}, "accessConfig": access}
    cluster = driver.create("aws:eks/cluster:Cluster", inputs)
    driver.create("aws:eks/addon:Addon", {"clusterName": "land", "addonName": "vpc-cni"})
    return cluster["name"]
