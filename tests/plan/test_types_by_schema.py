"""Types that the platform doesn't use are planned by the provider's schema alone."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi_aws.dynamodb.table import Table
from pulumi_aws.ec2.get_vpc import get_vpc_output
from pulumi_aws.ec2.vpc import Vpc
from pulumi_aws.eks.access_entry import AccessEntry
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment
from pulumi_aws.rds.instance import Instance
from pulumi_aws.s3.bucket import Bucket
from pulumi_aws.sqs.queue import Queue

from seatrial.plan import Plan, PlanError, Properties, Resource, Secret, Unknown, Value
from seatrial.plan.cloud import Cloud, Made

Planned = Callable[[Callable[[pulumi.ResourceOptions], object]], Plan]

ROLE_ARN = "arn:aws:iam::123456789012:role/r"
MADE_UP = "some-[0-9a-f]{7}"


def resource(token: str, inputs: Properties) -> Resource:
    return Resource(urn=f"urn:pulumi:s::p::{token}::some", type=token, name="some", custom=True, inputs=inputs)


def answer(token: str, inputs: Properties, region: str = "us-east-2") -> tuple[Made, list[str]]:
    made, refusals = Cloud().make(resource(token, inputs), resource("pulumi:providers:aws", {"region": region}))
    return made, list(refusals)


@pytest.mark.parametrize(
    ("token", "inputs", "id_", "arn"),
    [
        pytest.param("aws:sqs/queue:Queue", {}, MADE_UP, f"sqs:us-east-2:123456789012:{MADE_UP}", id="queue"),
        pytest.param("aws:sns/topic:Topic", {"namePrefix": "t-"}, "t-[0-9a-f]{7}", "sns:.*:t-[0-9a-f]{7}", id="prefix"),
        pytest.param("aws:sns/topic:Topic", {"name": "t"}, "t", "sns:us-east-2:123456789012:t", id="topic"),
        pytest.param(
            "aws:dynamodb/table:Table",
            {"hashKey": "k", "attributes": ({"name": "k", "type": "S"},)},
            MADE_UP,
            f"dynamodb:us-east-2:123456789012:table/{MADE_UP}",
            id="table",
        ),
        pytest.param(
            "aws:rds/instance:Instance",
            {"instanceClass": "db.t4g.micro", "identifier": "shop"},
            "shop",
            "rds:us-east-2:123456789012:db:shop",
            id="database",
        ),
        pytest.param("aws:s3/bucketV2:BucketV2", {"bucket": "b"}, "b", "s3:::b", id="bucket"),
        pytest.param(
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            {"bucket": "b", "rules": ({"id": "old", "status": "Enabled"},)},
            "b",
            None,
            id="lifecycle",
        ),
        pytest.param(
            "aws:ecr/repository:Repository",
            {},
            MADE_UP,
            f"ecr:us-east-2:123456789012:repository/{MADE_UP}",
            id="repository",
        ),
        pytest.param(
            "aws:route53/record:Record",
            {"zoneId": "Z1", "name": "www", "type": "A", "records": ("192.0.2.1",), "ttl": 60},
            "www",
            None,
            id="record",
        ),
        pytest.param(
            "aws:lambda/function:Function",
            {"role": ROLE_ARN, "name": "f"},
            "f",
            "lambda:us-east-2:123456789012:function:f",
            id="function",
        ),
        pytest.param(
            "aws:secretsmanager/secret:Secret",
            {"name": "s"},
            "s",
            "secretsmanager:us-east-2:123456789012:secret:s-[0-9a-f]{6}",
            id="secret",
        ),
        pytest.param(
            "aws:elasticache/replicationGroup:ReplicationGroup",
            {"description": "d"},
            MADE_UP,
            f"elasticache:us-east-2:123456789012:replicationgroup:{MADE_UP}",
            id="cache",
        ),
        pytest.param(
            "aws:ssm/parameter:Parameter",
            {"name": "/a/b", "type": "String"},
            "/a/b",
            "ssm:us-east-2:123456789012:parameter/a/b",
            id="parameter",
        ),
        pytest.param(
            "aws:lb/targetGroup:TargetGroup",
            {"name": "t"},
            "t",
            "elasticloadbalancing:us-east-2:123456789012:targetgroup/t/[0-9a-f]{16}",
            id="target group",
        ),
        pytest.param(
            "aws:efs/fileSystem:FileSystem",
            {},
            MADE_UP,
            f"elasticfilesystem:us-east-2:123456789012:file-system/{MADE_UP}",
            id="service by another name",
        ),
        pytest.param(
            "aws:iam/instanceProfile:InstanceProfile",
            {"name": "p"},
            "p",
            "iam::123456789012:instance-profile/p",
            id="without region",
        ),
        pytest.param(
            "aws:guardduty/iPSet:IPSet",
            {"activate": True, "detectorId": "d", "format": "TXT", "location": "l", "name": "n"},
            "n",
            "guardduty:us-east-2:123456789012:ip-set/n",
            id="abbreviation",
        ),
        pytest.param("aws:ec2/keyPair:KeyPair", {"publicKey": "k"}, MADE_UP, None, id="without a name of its own"),
    ],
)
def test_a_type_is_called_by_its_name(token: str, inputs: Properties, id_: str, arn: str | None) -> None:
    made, refusals = answer(token, inputs)

    assert refusals == []
    assert re.fullmatch(id_, str(made.id))
    assert arn is None or re.fullmatch(f"arn:aws:{arn}", str(made.outputs["arn"]))


@pytest.mark.parametrize(
    ("token", "inputs", "outputs"),
    [
        pytest.param(
            "aws:sqs/queue:Queue",
            {"name": "q", "tags": {"a": "b"}},
            {"region": "us-east-2", "tagsAll": {"a": "b"}, "url": Unknown(), "delaySeconds": Unknown()},
            id="told and not",
        ),
        pytest.param("aws:sqs/queue:Queue", {"region": "eu-west-1"}, {"region": None}, id="region of its own"),
        pytest.param(
            "aws:sqs/queue:Queue",
            {"tags": Unknown(), "name": Secret(Unknown())},
            {"tagsAll": Unknown(), "arn": Unknown()},
            id="unknown inputs",
        ),
        pytest.param("aws:sqs/queue:Queue", {"tags": {"a": Unknown()}}, {"tagsAll": {"a": Unknown()}}, id="in part"),
        pytest.param(
            "aws:rds/cluster:Cluster",
            {"engine": "aurora-mysql"},
            {"clusterIdentifier": "some-.*", "endpoint": Unknown()},
            id="identifier",
        ),
        pytest.param(
            "aws:elasticache/cluster:Cluster", {"clusterId": "c"}, {"arn": ".*:cluster:c", "name": None}, id="given"
        ),
    ],
)
def test_what_does_not_follow_from_the_name_is_unknown(
    token: str, inputs: Properties, outputs: Mapping[str, Any]
) -> None:
    made, _ = answer(token, inputs)

    for key, expected in outputs.items():
        found = made.outputs.get(key)
        assert found == expected or re.fullmatch(str(expected), str(found))


@pytest.mark.parametrize(("region", "partition"), [("us-east-2", "aws"), ("cn-north-1", "aws-cn")])
def test_arns_name_the_partition(region: str, partition: str) -> None:
    assert str(answer("aws:sqs/queue:Queue", {}, region)[0].outputs["arn"]).startswith(f"arn:{partition}:sqs:{region}:")


NO_TYPE = "the installed pulumi_aws has no such type; a plan can make those that it has, and Kubernetes's"
NO_PACKAGE = (
    "a plan can't make resources of this package; it can make every type of aws that the installed pulumi_aws has, "
    "and of kubernetes"
)


@pytest.mark.parametrize(
    ("token", "inputs", "reason"),
    [
        pytest.param(
            "aws:sqs/queue:Queue",
            {"delaySecond": 1},
            "delaySecond: the provider has no such input; did you mean delaySeconds?",
            id="near miss",
        ),
        pytest.param(
            "aws:sqs/queue:Queue",
            {"delaySeconds": "1"},
            "delaySeconds: a whole number is expected, found text",
            id="shape",
        ),
        pytest.param("aws:rds/instance:Instance", {}, "instanceClass: required, and missing", id="missing"),
        pytest.param(
            "aws:dynamodb/table:Table",
            {"attributes": ({"name": "a", "typ": "S", "type": "S"},)},
            "attributes[0].typ: the provider has no such input; did you mean type?",
            id="nested",
        ),
        pytest.param(
            "aws:lambda/function:Function", {"role": ROLE_ARN, "timeout": "5"}, "timeout: .* text", id="keyword"
        ),
        pytest.param("aws:sqs/queu:Queu", {}, NO_TYPE, id="no module"),
        pytest.param("aws:sqz/queue:Queue", {}, NO_TYPE, id="no service"),
        pytest.param("aws:provider/queue:Queue", {}, NO_TYPE, id="service that is none"),
        pytest.param("aws:ec2/getVpc:GetVpc", {}, NO_TYPE, id="module without the class"),
        pytest.param("aws:sqs:Queue", {}, NO_TYPE, id="another form"),
        pytest.param("aws:queue", {}, NO_TYPE, id="no form"),
        pytest.param("random:index/randomPet:RandomPet", {}, NO_PACKAGE, id="package"),
        pytest.param("pulumi:providers:random", {}, NO_PACKAGE, id="provider of another package"),
    ],
)
def test_refusals(token: str, inputs: Properties, reason: str) -> None:
    _, refusals = answer(token, inputs)

    assert len(refusals) == 1
    assert refusals == [reason] or re.fullmatch(reason, refusals[0])


def test_components_of_other_packages_are_refused(planned: Planned) -> None:
    with pytest.raises(PlanError, match="awsx:ec2:Vpc 'v': a plan can't make components of other packages"):
        planned(lambda _: {"urn": pulumi.ComponentResource("awsx:ec2:Vpc", "v", {}, remote=True).urn})


def test_functions_without_an_answer_are_refused_in_either_form(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> Mapping[str, object]:
        queue = Queue("q", opts=options)
        return {"vpc": get_vpc_output(id=queue.name, opts=pulumi.InvokeOptions(provider=options.provider)).id}

    with pytest.raises(PlanError, match=r"1 refusal .*\n  aws:ec2/getVpc:getVpc: .* Say in the program, or in"):
        planned(program)


def test_what_is_unknown_stays_so_wherever_it_goes(planned: Planned) -> None:
    seen: list[str] = []

    def program(options: pulumi.ResourceOptions) -> Mapping[str, object]:
        queue = Queue("queue", opts=options)
        role = Role(
            "role",
            name="r",
            assume_role_policy=pulumi.Output.json_dumps({"url": queue.url, "arn": queue.arn}),
            description=pulumi.Output.concat("of ", queue.url),
            path=pulumi.Output.json_dumps([queue.arn]),
            opts=options,
        )
        queue.url.apply(seen.append)
        queue.arn.apply(seen.append)
        return {
            "url": queue.url,
            "arn": queue.arn,
            "both": [queue.url, queue.name],
            "secret": pulumi.Output.secret(queue.url),
            "length": queue.url.apply(len),
            "policy": role.assume_role_policy,
        }

    made = planned(program)
    arn = made.named("queue").outputs["arn"]
    inputs = made.named("role").inputs
    assert (inputs["assumeRolePolicy"], inputs["description"]) == (Unknown(), Unknown())
    assert inputs["path"] == f'["{arn}"]'
    assert made.named("role").dependencies == (made.named("queue").urn,)
    assert seen == [arn]
    assert made.outputs == {
        "url": Unknown(),
        "arn": arn,
        "both": (Unknown(), made.named("queue").id),
        "secret": Secret(Unknown()),
        "length": Unknown(),
        "policy": Unknown(),
    }


def test_secrets_of_a_database_stay_secret(planned: Planned) -> None:
    made = planned(
        lambda options: {
            "password": Instance("db", instance_class="db.t4g.micro", password="hush", opts=options).password
        }
    )

    assert made.outputs["password"] == Secret("hush")
    assert "hush" not in repr(made)


def test_what_is_made_of_something_unknown_is_unknown(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        url = Queue("queue", opts=options).url
        Role("role", name="r", assume_role_policy="{}", path=url, max_session_duration=url.apply(int), opts=options)
        RolePolicyAttachment("attached", role="r", policy_arn=url, opts=options)
        Bucket("bucket", bucket=url, opts=options)
        AccessEntry("entry", cluster_name=url, principal_arn=ROLE_ARN, opts=options)
        Vpc("vpc", cidr_block=url, tags={"url": url}, opts=options)
        Table("table", name=url, attributes=[{"name": "k", "type": "S"}], hash_key="k", opts=options)

    made = planned(program)
    role, vpc, table = made.named("role"), made.named("vpc"), made.named("table")
    assert (role.id, role.outputs["arn"], role.outputs["maxSessionDuration"]) == ("r", Unknown(), Unknown())
    assert [made.named(name).id for name in ("attached", "bucket", "entry", "table")] == [Unknown()] * 4
    assert (vpc.outputs["tagsAll"], str(vpc.id)[:5]) == ({"url": Unknown()}, "vpc-0")
    assert (table.outputs["arn"], table.outputs["name"]) == (Unknown(), Unknown())


@pytest.mark.parametrize(
    ("key", "inputs"),
    [
        pytest.param("resources", {"clusterName": Unknown(), "nodeGroupName": "n"}, id="text"),
        pytest.param("networkInterfaceIds", {"vpcEndpointType": "Interface", "subnetIds": (Unknown(),)}, id="list"),
    ],
)
def test_what_is_made_of_an_unknown_part_keeps_its_shape(key: str, inputs: Properties) -> None:
    token = "aws:eks/nodeGroup:NodeGroup" if key == "resources" else "aws:ec2/vpcEndpoint:VpcEndpoint"

    value: Value = answer(token, inputs)[0].outputs[key]
    assert isinstance(value, tuple)


def test_an_output_that_a_handler_does_not_tell_is_unknown_to_the_program(planned: Planned) -> None:
    seen: list[object] = []

    def program(options: pulumi.ResourceOptions) -> Mapping[str, object]:
        zone = Bucket("bucket", opts=options).hosted_zone_id
        zone.apply(seen.append)
        return {"zone": zone}

    assert planned(program).outputs == {"zone": Unknown()}
    assert seen == []


@pytest.mark.parametrize("part", ["name", "namespace"])
def test_an_object_of_an_unknown_name_has_an_unknown_id(part: str) -> None:
    metadata: Properties = {"name": "n", "namespace": "ns", part: Unknown()}
    inputs: Properties = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}

    assert answer("kubernetes:core/v1:ConfigMap", inputs)[0].id == Unknown()


SCRIPT = """
import pulumi
import pulumi_aws as aws
from seatrial import plan
from seatrial.plan.render import document

def program():
    own = pulumi.ResourceOptions(provider=aws.Provider("aws", region="us-east-2"))
    queue = aws.sqs.Queue("queue", opts=own)
    role = aws.iam.Role("role", assume_role_policy=pulumi.Output.json_dumps({"url": queue.url}), opts=own)
    environment = {"variables": {"QUEUE": queue.url}}
    aws.lambda_.Function("function", role=role.arn, environment=environment, opts=own)
    return {"arn": queue.arn, "url": queue.url}

planned = plan.run(program, project="p", stack="s")
print(document.render(planned), [sorted(each.outputs.items()) for each in planned])
"""


def test_two_plans_are_the_same_bytes_fast_or_not_whatever_the_hash_seed() -> None:
    def output(script: str, seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-W", "ignore", "-c", script]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=Path(__file__).parent, check=False
        )
        assert done.stderr == ""
        return done.stdout

    plain, fast = (
        output(f"{before}\n{SCRIPT}", seed)
        for before, seed in (("", "1"), ("from seatrial.plan import lazy_sdk; lazy_sdk.install()", "2"))
    )
    assert '"QUEUE": "[unknown]"' in plain
    assert fast == plain
