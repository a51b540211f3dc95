"""An account in this process: boto3's requests go to the gateway without a socket, and time passes when told."""

import asyncio
import io
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks.control_planes import ControlPlanes, Nowhere
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.gateway import Gateway, ResetError

REGION = "us-east-2"
ADMIN = "the-admin-token"
ROOT = ("test", "test")
URL = "https://localhost:4566"


class _Body(io.BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class Account:
    """The account, as clients see it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.planes: ControlPlanes = Nowhere()
        self.offset = 0.0
        self.runner = asyncio.Runner()
        # One session: it reads the models of services once.
        self.session: Any = boto3.Session()
        self.clients: dict[tuple[Any, ...], Any] = {}
        self.tokens: dict[str, str] = {}
        self.numbers = itertools.count(1)
        self.begin()

    def begin(self) -> None:
        emulator.load(REGION, 4566, str(self.folder / "objects"))
        self.eks = Service(URL, b"PEM", delay=60.0, clock=self.now, control_planes=self.planes)
        self.gateway = Gateway(self.folder, ADMIN, self.eks)
        self.gateway.start()

    def now(self) -> float:
        return time.time() + self.offset

    def restart(self) -> None:
        """End without a word, as a killed server does, and begin again."""
        self.gateway.stop()
        self.begin()

    def end(self) -> None:
        self.gateway.stop()
        self.runner.close()

    def wait(self, seconds: float = 61.0) -> None:
        self.offset += seconds

    def name(self, prefix: str = "it") -> str:
        return f"{prefix}-{next(self.numbers)}"

    def client(self, service: str, credentials: tuple[str, ...] = ROOT, region: str = REGION) -> Any:
        wanted = (service, credentials, region)
        if wanted not in self.clients:
            self.clients[wanted] = self._client(service, credentials, region)
        return self.clients[wanted]

    def _client(self, service: str, credentials: tuple[str, ...], region: str) -> Any:
        key, secret, *token = credentials
        config = Config(retries={"total_max_attempts": 2, "mode": "standard"})
        client = self.session.client(
            service,
            region_name=region,
            endpoint_url=URL,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token[0] if token else None,
            config=config,
        )
        client.meta.events.register("before-send", self._send)
        client.meta.events.register("before-sign", self._token)
        return client

    def _token(self, request: Any, **_: Any) -> None:
        for name, value in self.tokens.items():
            request.headers[name] = value

    def _send(self, request: Any, **_: Any) -> AWSResponse:
        url = urlsplit(str(request.url))
        content = request.body.read() if hasattr(request.body, "read") else request.body or b""
        body = content.encode() if isinstance(content, str) else content
        headers = {str(name): _text(value) for name, value in request.headers.items()}
        try:
            status, answered, answer = self.ask(request.method, url.path, url.query, headers, body)
        except ResetError as fault:
            raise ConnectionClosedError(endpoint_url=request.url) from fault
        return AWSResponse(request.url, status, answered, _Body(answer))

    def ask(
        self, method: str, path: str, query: str = "", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request as it stands."""
        given = [(b"host", b"localhost:4566"), (b"content-length", str(len(body)).encode())]
        given += [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
        given = list(dict(given).items())
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": given,
            "scheme": "https",
            "client": ("127.0.0.1", 1),
        }
        return self.runner.run(_exchange(self.gateway, scope, body))

    def inject(self, *rules: Mapping[str, Any]) -> None:
        status, _, answer = self.admin("PUT", "faults", json.dumps(rules).encode())
        assert status == 200, answer

    def admin(self, method: str, page: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        return self.ask(method, f"/_seatrial/{page}", headers={"x-seatrial-admin": ADMIN}, body=body)

    def calls(self) -> list[dict[str, Any]]:
        return json.loads(self.admin("GET", "calls")[2])

    def refusal(self, service: str, operation: str, credentials: tuple[str, ...] = ROOT, **parameters: Any) -> str:
        """Make a call that is refused; give ``Code: message``."""
        with pytest.raises(ClientError) as raised:
            getattr(self.client(service, credentials), operation)(**parameters)
        refused: Any = raised.value
        error = refused.response["Error"]
        return f"{error['Code']}: {error.get('Message', '')}"

    def role(self, service: str, *policies: str) -> str:
        """Make a role that a service may assume, with AWS's own policies."""
        name, iam = self.name("role"), self.client("iam")
        actions = ["sts:AssumeRole", "sts:TagSession"]
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": actions}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [statement]}))
        for policy in policies:
            iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
        return role["Role"]["Arn"]

    def user(self, *statements: Mapping[str, Any]) -> tuple[str, str]:
        """Make a user with a policy of these statements; give the credentials."""
        name, iam = self.name("user"), self.client("iam")
        iam.create_user(UserName=name)
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": statements})
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def vpc(self) -> str:
        return self.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def subnets(self, vpc: str, zones: str = "ab") -> list[str]:
        ec2 = self.client("ec2")
        made = (
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
            for number, zone in enumerate(zones)
        )
        return [subnet["Subnet"]["SubnetId"] for subnet in made]

    def open(self, vpc: str) -> str:
        """Give a network a way out by its main route table."""
        ec2 = self.client("ec2")
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
        table = tables[0]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        return gateway


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


async def _exchange(gateway: Gateway, scope: dict[str, Any], body: bytes) -> tuple[int, dict[str, str], bytes]:
    answered: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    await gateway(scope, receive, send)
    start, content = answered
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, content["body"]


def _at_once(_seconds: float) -> None:
    return


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    account = Account(tmp_path_factory.mktemp("account"))
    yield account
    account.end()


@pytest.fixture
def account(shared: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """One account for every test: each makes things of its own names; faults end with the test."""
    # boto3 waits up to a second before it repeats a call.
    monkeypatch.setattr("botocore.endpoint.time.sleep", _at_once)
    yield shared
    shared.gateway.faults.replace([])
    shared.tokens.clear()


class Cluster:
    """A cluster that is ready, in a network with a way out."""

    def __init__(self, account: Account, **parameters: Any) -> None:
        self.account, self.name = account, account.name("cluster")
        self.vpc = account.vpc()
        self.subnets = account.subnets(self.vpc)
        self.role = account.role("eks.amazonaws.com", "AmazonEKSClusterPolicy")
        self.nodes = account.role("ec2.amazonaws.com", *NODE_POLICIES)
        account.open(self.vpc)
        self.eks = account.client("eks")
        defaults: dict[str, Any] = {
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
            "bootstrapSelfManagedAddons": False,
        }
        network = {"subnetIds": self.subnets, **parameters.pop("resourcesVpcConfig", {})}
        given = {"roleArn": self.role, "resourcesVpcConfig": network, **defaults, **parameters}
        self.created = self.eks.create_cluster(name=self.name, **given)["cluster"]
        account.wait()

    def describe(self) -> dict[str, Any]:
        return self.eks.describe_cluster(name=self.name)["cluster"]

    def add(self, *addons: str) -> None:
        for addon in addons:
            self.eks.create_addon(clusterName=self.name, addonName=addon)
        self.account.wait()

    def addon(self, name: str) -> dict[str, Any]:
        return self.eks.describe_addon(clusterName=self.name, addonName=name)["addon"]

    def group(self, name: str = "nodes", **parameters: Any) -> dict[str, Any]:
        given = {"subnets": self.subnets, "nodeRole": self.nodes, **parameters}
        return self.eks.create_nodegroup(clusterName=self.name, nodegroupName=name, **given)["nodegroup"]

    def described(self, name: str = "nodes") -> dict[str, Any]:
        return self.eks.describe_nodegroup(clusterName=self.name, nodegroupName=name)["nodegroup"]

    def update(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Make a change and wait until it is done; give the update."""
        made = getattr(self.eks, operation)(**parameters)["update"]
        self.account.wait()
        target = {name: parameters[name] for name in ("nodegroupName", "addonName") if name in parameters}
        return self.eks.describe_update(name=self.name, updateId=made["id"], **target)["update"]

    def refusal(self, operation: str, **parameters: Any) -> str:
        return self.account.refusal("eks", operation, **parameters)


NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy")
PLUGINS = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent")


@pytest.fixture
def cluster(account: Account) -> Cluster:
    return Cluster(account)


@pytest.fixture
def make_cluster(account: Account) -> Any:
    def make(**parameters: Any) -> Cluster:
        return Cluster(account, **parameters)

    return make
