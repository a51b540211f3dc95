"""Clusters of the emulated account with real control planes: who gets in, what runs, what survives, what is left."""

import base64
import json
import os
import signal
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from seatrial.rehearsal import equipment
from seatrial.rehearsal.account import client
from seatrial.rehearsal.control_plane import Tools
from seatrial.rehearsal.kubernetes_api import Cluster, Refused
from seatrial.rehearsal.progress import Silent
from seatrial.rehearsal.toolchain.kubernetes import provide_kubernetes

pytestmark = pytest.mark.rehearsal

REGION, NAME = "us-east-2", "it"
PATIENCE = 120.0
NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy")

ADD_ONS: dict[str, dict[str, Any]] = {
    "vpc-cni": {"enableNetworkPolicy": "true", "env": {"ENABLE_PREFIX_DELEGATION": "true"}},
    "kube-proxy": {"mode": "ipvs"},
    "eks-pod-identity-agent": {},
    "eks-node-monitoring-agent": {},
    "snapshot-controller": {},
    "coredns": {"autoScaling": {"enabled": True, "minReplicas": 3, "maxReplicas": 6}},
    "metrics-server": {"replicas": 2, "podDisruptionBudget": {"minAvailable": 1}},
    "aws-ebs-csi-driver": {"controller": {"extraVolumeTags": {"a": "b"}}, "defaultStorageClass": {"enabled": True}},
}


def eventually(holds: Callable[[], Any], what: str) -> Any:
    """Wait until something holds, and give it."""
    deadline = time.monotonic() + PATIENCE
    while not (held := holds()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)
    return held


class World:
    """An account with a cluster."""

    def __init__(self, folder: Path, tools: Tools) -> None:
        self.folder, self.tools = folder, tools
        self.at = client.start(folder, REGION, tools=tools)
        self.eks, self.iam, self.ec2 = self.aws("eks"), self.aws("iam"), self.aws("ec2")
        self._network()
        role = self.role("cluster", "eks.amazonaws.com", "AmazonEKSClusterPolicy")
        access = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
        network = {"subnetIds": self.subnets}
        self.eks.create_cluster(
            name=NAME, roleArn=role, resourcesVpcConfig=network, accessConfig=access, bootstrapSelfManagedAddons=False
        )
        eventually(lambda: self.described()["status"] != "CREATING", "the cluster")
        assert self.described()["status"] == "ACTIVE", self.described()["health"]
        self.kube = Cluster.of_kubeconfig(Path(client.clusters(folder)[0]["kubeconfig"]).read_text())

    def aws(self, service: str, credentials: tuple[str, ...] = ("test", "test")) -> Any:
        sdk: Any = boto3
        return sdk.client(
            service,
            endpoint_url=self.at.url,
            verify=self.at.ca,
            region_name=REGION,
            config=Config(retries={"total_max_attempts": 1}),
            **dict(zip(("aws_access_key_id", "aws_secret_access_key", "aws_session_token"), credentials, strict=False)),
        )

    def _network(self) -> None:
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        made = (
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
            for number, zone in enumerate("abc")
        )
        self.subnets = [subnet["Subnet"]["SubnetId"] for subnet in made]
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        (table,) = self.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
        self.ec2.create_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)

    def role(self, name: str, service: str, *policies: str) -> str:
        actions = ["sts:AssumeRole", "sts:TagSession"]
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": actions}
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [statement]}))
        for policy in policies:
            self.iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
        return role["Role"]["Arn"]

    def described(self) -> dict[str, Any]:
        return self.eks.describe_cluster(name=NAME)["cluster"]

    def addon(self, name: str) -> dict[str, Any]:
        return self.eks.describe_addon(clusterName=NAME, addonName=name)["addon"]

    def install(self, *names: str) -> None:
        for name in names:
            self.eks.create_addon(clusterName=NAME, addonName=name, configurationValues=json.dumps(ADD_ONS[name]))
        eventually(lambda: all(self.addon(name)["status"] == "ACTIVE" for name in names), f"{names}")

    def group(self, name: str, node_role: str, **parameters: Any) -> dict[str, Any]:
        self.eks.create_nodegroup(
            clusterName=NAME, nodegroupName=name, subnets=self.subnets, nodeRole=node_role, **parameters
        )
        eventually(lambda: self._group(name)["status"] != "CREATING", "the node group")
        return self._group(name)

    def _group(self, name: str) -> dict[str, Any]:
        return self.eks.describe_nodegroup(clusterName=NAME, nodegroupName=name)["nodegroup"]

    def user(self, name: str) -> tuple[str, str, str]:
        """Make a user without any permission; give its credentials and ARN."""
        arn = self.iam.create_user(UserName=name)["User"]["Arn"]
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"], arn

    def enter(self, credentials: tuple[str, ...]) -> Cluster:
        """Come as ``aws eks get-token`` lets one come."""
        request: Any = AWSRequest(
            "GET", f"{self.at.url}/?Action=GetCallerIdentity&Version=2011-06-15", {"x-k8s-aws-id": NAME}
        )
        signer: Any = SigV4QueryAuth(Credentials(*credentials), "sts", REGION, 60)
        signer.add_auth(request)
        token = "k8s-aws-v1." + base64.urlsafe_b64encode(str(request.url).encode()).decode().rstrip("=")
        cluster = self.described()
        server = {"server": cluster["endpoint"], "certificate-authority-data": cluster["certificateAuthority"]["data"]}
        return Cluster.of_kubeconfig(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "it",
                "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
                "clusters": [{"name": "it", "cluster": server}],
                "users": [{"name": "it", "user": {"token": token}}],
            }
        )

    def nodes(self, group: str) -> list[dict[str, Any]]:
        return self.kube.list("v1", "Node", label_selector=f"eks.amazonaws.com/nodegroup={group}")

    def make(self, api_version: str, kind: str, name: str, namespace: str = "", **more: Any) -> None:
        metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
        self.kube.apply({"apiVersion": api_version, "kind": kind, "metadata": metadata, **more}, "test")


def end(world: World) -> None:
    client.stop(world.folder)
    assert processes_below(world.folder) == []


def processes_below(folder: Path) -> list[str]:
    """Find processes that have something of the folder in their command."""
    found = [" ".join(it.info["cmdline"] or []) for it in psutil.process_iter(["cmdline"])]
    return [command for command in found if str(folder) in command]


@pytest.fixture(scope="module")
def tools() -> Tools:
    return equipment.control_plane(provide_kubernetes("1.36", Silent()))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[World]:
    """A cluster with every add-on and two node groups."""
    world = World(tmp_path_factory.mktemp("account") / "account", tools)
    try:
        node_role = world.role("node", "ec2.amazonaws.com", *NODE_POLICIES, "AmazonEBSCSIDriverPolicyV2")
        world.install("vpc-cni", "kube-proxy", "eks-pod-identity-agent", "eks-node-monitoring-agent")
        sizes = {"minSize": 1, "maxSize": 5, "desiredSize": 3}
        taint = {"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}
        assert world.group("on-demand", node_role, scalingConfig=sizes)["status"] == "ACTIVE"
        assert world.group("spot", node_role, capacityType="SPOT", taints=[taint])["status"] == "ACTIVE"
        world.install("coredns", "metrics-server", "snapshot-controller", "aws-ebs-csi-driver")
        yield world
    finally:
        end(world)


def test_nodes_of_active_groups_are_ready(world: World) -> None:
    nodes = world.nodes("on-demand")
    conditions = [it for node in nodes for it in node["status"]["conditions"] if it["type"] == "Ready"]

    assert len(nodes) == 3
    assert all(it["status"] == "True" for it in conditions)
    assert {node["metadata"]["labels"]["topology.kubernetes.io/zone"][-1] for node in nodes} == set("abc")
    assert {node["status"]["capacity"]["pods"] for node in nodes} == {"110"}
    eventually(lambda: counted(world) == (5, 5), "the count of nodes")


def test_add_ons_run_where_they_must(world: World) -> None:
    pods = world.kube.list("v1", "Pod", "kube-system")
    everywhere = [pod for pod in pods if pod["metadata"]["labels"].get("k8s-app") == "aws-node"]
    dns = [pod for pod in pods if pod["metadata"]["labels"].get("k8s-app") == "kube-dns"]

    assert all(pod["status"]["phase"] == "Running" for pod in pods)
    assert len({pod["spec"]["nodeName"] for pod in everywhere}) == 5
    assert len(dns) == len({pod["spec"]["nodeName"] for pod in dns}) == 3
    tainted = {node["metadata"]["name"] for node in world.nodes("spot")}
    assert tainted.isdisjoint(pod["spec"]["nodeName"] for pod in dns)
    service = world.kube.request("GET", "/api/v1/namespaces/kube-system/services/kube-dns")
    assert service["spec"]["clusterIP"] == "172.20.0.10"
    assert {it["name"] for it in world.kube.request("GET", "/apis")["groups"]} > {"snapshot.storage.k8s.io"}


def test_who_has_no_entry_stays_outside(world: World) -> None:
    key, secret, _ = world.user("stranger")

    with pytest.raises(Refused, match="401 Unauthorized"):
        world.enter((key, secret)).list("v1", "Pod")


def test_an_access_policy_counts_where_it_was_associated(world: World) -> None:
    key, secret, arn = world.user("editor")
    world.eks.create_access_entry(clusterName=NAME, principalArn=arn, kubernetesGroups=["team-a"])
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy"
    scope = {"type": "namespace", "namespaces": ["team-*"]}
    world.eks.associate_access_policy(clusterName=NAME, principalArn=arn, policyArn=policy, accessScope=scope)
    world.make("v1", "Namespace", "team-a")
    editor = world.enter((key, secret))

    eventually(lambda: may_list_pods(editor), "the binding")
    for namespace in ("default", "kube-system"):
        with pytest.raises(Refused, match="pods is forbidden"):
            editor.list("v1", "Pod", namespace)
    with pytest.raises(Refused, match="nodes is forbidden"):
        editor.list("v1", "Node")
    world.eks.delete_access_entry(clusterName=NAME, principalArn=arn)
    eventually(lambda: not may_list_pods(editor), "the end of the entry")


def may_list_pods(cluster: Cluster) -> bool:
    try:
        cluster.list("v1", "Pod", "team-a")
    except Refused:
        return False
    return True


def test_an_administrator_may_do_everything(world: World) -> None:
    key, secret, arn = world.user("administrator")
    world.eks.create_access_entry(clusterName=NAME, principalArn=arn)
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    world.eks.associate_access_policy(
        clusterName=NAME, principalArn=arn, policyArn=policy, accessScope={"type": "cluster"}
    )
    admin = world.enter((key, secret))

    eventually(lambda: allowed_everywhere(admin), "the binding")
    admin.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "made-by-admin"}}, "test")


def allowed_everywhere(cluster: Cluster) -> bool:
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"group": "*", "resource": "*", "verb": "*"}},
    }
    answer = cluster.request("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review)
    return bool(answer["status"]["allowed"])


def token(
    world: World, account: str, audience: str = "sts.amazonaws.com", *, namespace: str = "irsa", pod: str = ""
) -> str:
    """Let the API server issue a token of a service account, or of one of its pods."""
    bound = {"boundObjectRef": {"apiVersion": "v1", "kind": "Pod", "name": pod}} if pod else {}
    request = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenRequest",
        "spec": {"audiences": [audience], "expirationSeconds": 3600, **bound},
    }
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
    return world.kube.request("POST", path, request)["status"]["token"]


def test_a_pods_token_reaches_its_roles_bucket_and_nothing_else(world: World) -> None:
    issuer = world.described()["identity"]["oidc"]["issuer"]
    path = issuer.removeprefix("https://")
    provider = world.iam.create_open_id_connect_provider(
        Url=issuer, ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
    )["OpenIDConnectProviderArn"]
    condition = {f"{path}:sub": "system:serviceaccount:irsa:demo", f"{path}:aud": "sts.amazonaws.com"}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": condition},
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = world.iam.create_role(RoleName="demo", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    reaches = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::own/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [reaches]})
    world.iam.put_role_policy(RoleName="demo", PolicyName="own", PolicyDocument=document)
    for name in ("own", "other"):
        world.aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    world.make("v1", "Namespace", "irsa")
    for name in ("demo", "other"):
        world.make("v1", "ServiceAccount", name, "irsa")
    sts = world.aws("sts")

    answer = sts.assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="pod", WebIdentityToken=token(world, "demo")
    )
    assert answer["SubjectFromWebIdentityToken"] == "system:serviceaccount:irsa:demo"
    given = answer["Credentials"]
    s3 = world.aws("s3", (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))
    s3.put_object(Bucket="own", Key="it", Body=b"here")
    assert s3.get_object(Bucket="own", Key="it")["Body"].read() == b"here"
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket="other", Key="it", Body=b"there")
    for wrong in (token(world, "other"), token(world, "demo", "https://kubernetes.default.svc")):
        with pytest.raises(ClientError, match=r"AccessDenied|Incorrect token audience"):
            sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="pod", WebIdentityToken=wrong)


def test_a_pod_is_told_where_its_credentials_come_from(world: World) -> None:
    world.make("v1", "Namespace", "told")
    metadata = {
        "name": "app",
        "namespace": "told",
        "annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/a"},
    }
    world.kube.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}, "test")
    container = {"name": "app", "image": "example.com/app:1"}
    world.make("v1", "Pod", "app", "told", spec={"serviceAccountName": "app", "containers": [container]})
    spec = world.kube.request("GET", "/api/v1/namespaces/told/pods/app")["spec"]

    variables = {it["name"]: it["value"] for it in spec["containers"][0]["env"]}
    assert variables["AWS_ROLE_ARN"] == "arn:aws:iam::1:role/a"
    assert "aws-iam-token" in {it["name"] for it in spec["volumes"]}
    world.make("v1", "Pod", "other", "told", spec={"containers": [container]})
    assert "env" not in world.kube.request("GET", "/api/v1/namespaces/told/pods/other")["spec"]["containers"][0]


def test_a_pod_gets_the_credentials_that_are_associated_with_it(world: World) -> None:
    world.make("v1", "Namespace", "associated")
    world.make("v1", "ServiceAccount", "app", "associated")
    role = world.role("associated", "pods.eks.amazonaws.com")
    world.eks.create_pod_identity_association(
        clusterName=NAME, namespace="associated", serviceAccount="app", roleArn=role
    )
    spec = {"serviceAccountName": "app", "containers": [{"name": "app", "image": "example.com/app:1"}]}
    world.make("v1", "Pod", "app", "associated", spec=spec)
    made = world.kube.request("GET", "/api/v1/namespaces/associated/pods/app")
    variables = {it["name"] for it in made["spec"]["containers"][0]["env"]}
    given = token(world, "app", "pods.eks.amazonaws.com", namespace="associated", pod="app")
    answer = world.aws("eks-auth").assume_role_for_pod_identity(clusterName=NAME, token=given)

    assert "AWS_CONTAINER_CREDENTIALS_FULL_URI" in variables
    assert "assumed-role/associated/eks-it-app-" in answer["assumedRoleUser"]["arn"]


def test_the_published_key_is_the_one_that_tokens_name(world: World) -> None:
    world.make("v1", "Namespace", "irsa")
    world.make("v1", "ServiceAccount", "demo", "irsa")
    header = token(world, "demo").split(".")[0]
    issuer = world.described()["identity"]["oidc"]["issuer"]
    trusted = ssl.create_default_context(cafile=world.at.ca)
    with urllib.request.urlopen(f"{issuer}/keys", context=trusted) as answer:  # noqa: S310 (the issuer is https)
        (key,) = json.loads(answer.read())["keys"]

    assert json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"] == key["kid"]


def test_nodes_come_and_go_with_their_instances_and_pods_with_their_nodes(world: World) -> None:
    name = world.eks.describe_nodegroup(clusterName=NAME, nodegroupName="on-demand")["nodegroup"]
    scaling, group = world.aws("autoscaling"), name["resources"]["autoScalingGroups"][0]["name"]
    scaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=4)
    eventually(lambda: len(world.nodes("on-demand")) == 4, "the fourth node")
    world.eks.update_nodegroup_config(clusterName=NAME, nodegroupName="on-demand", scalingConfig={"desiredSize": 3})
    began = time.monotonic()
    eventually(lambda: len(world.nodes("on-demand")) == 3, "the end of the fourth node")

    def orphans() -> list[str]:
        living = {node["metadata"]["name"] for node in world.kube.list("v1", "Node")}
        pods = (pod for pod in world.kube.list("v1", "Pod") if pod["spec"].get("nodeName"))
        return [pod["metadata"]["name"] for pod in pods if pod["spec"]["nodeName"] not in living]

    eventually(lambda: not orphans(), "the end of its pods")
    # The collector of such pods waits for forty seconds, then for its next round.
    assert time.monotonic() - began < 40
    eventually(lambda: counted(world) == (5, 5), "the count of nodes")


def counted(world: World) -> tuple[int, int]:
    """Give how many nodes the account knows of, and how many of them are ready."""
    (told,) = client.clusters(world.folder)
    return told["nodes"], told["readyNodes"]


def test_an_add_on_that_is_removed_takes_its_objects_along(world: World) -> None:
    world.eks.delete_addon(clusterName=NAME, addonName="snapshot-controller")
    eventually(lambda: "snapshot-controller" not in world.eks.list_addons(clusterName=NAME)["addons"], "its end")

    def left() -> bool:
        deployments = world.kube.list("apps/v1", "Deployment", "kube-system")
        return any(it["metadata"]["name"] == "snapshot-controller" for it in deployments)

    eventually(lambda: not left(), "the end of its Deployment")
    world.install("snapshot-controller")


def test_a_control_plane_that_ends_is_begun_anew(world: World) -> None:
    folder = Path(client.clusters(world.folder)[0]["kubeconfig"]).parents[1]
    (etcd,) = [it for it in psutil.process_iter(["name", "cmdline"]) if is_etcd_of(it, folder)]
    before = world.kube.list("v1", "Node")
    etcd.kill()

    eventually(lambda: client.clusters(world.folder)[0]["phase"] != "ready", "its end")
    eventually(lambda: client.clusters(world.folder)[0]["phase"] == "ready", "its new beginning")
    assert {it["metadata"]["uid"] for it in world.kube.list("v1", "Node")} == {it["metadata"]["uid"] for it in before}


def is_etcd_of(process: psutil.Process, folder: Path) -> bool:
    command: list[str] = process.info["cmdline"] or []  # pyright: ignore[reportAttributeAccessIssue]
    return process.info["name"] == "etcd" and any(str(folder) in part for part in command)  # pyright: ignore[reportAttributeAccessIssue]


def test_a_killed_account_goes_on_and_a_deleted_cluster_leaves_nothing(tmp_path: Path, tools: Tools) -> None:
    world = World(tmp_path / "account", tools)
    try:
        world.make("v1", "Namespace", "kept")
        endpoint = world.described()["endpoint"]
        os.kill(world.at.pid, signal.SIGKILL)
        os.waitpid(world.at.pid, 0)
        eventually(lambda: not processes_below(world.folder), "the end of its control plane")

        world.at = client.start(world.folder, REGION, tools=tools)
        assert world.described()["endpoint"] == endpoint
        assert any(it["metadata"]["name"] == "kept" for it in world.kube.list("v1", "Namespace"))

        world.eks.delete_cluster(name=NAME)
        eventually(lambda: not world.eks.list_clusters()["clusters"], "the end of the cluster")
        assert list((world.folder / "clusters").iterdir()) == []
        assert len(processes_below(world.folder)) == 1
    finally:
        end(world)
