"""The AWS resources of a plan as Terraform's JSON: names, blocks, marks, references."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import pytest

from seatrial import plan as planning
from seatrial.config import load_platform
from seatrial.export import terraform
from seatrial.export.terraform import names
from seatrial.plan import Plan, Resource, Secret, Unknown, Value

ROOT = Path(__file__).parents[2]


def frozen(**fields: Value) -> Mapping[str, Value]:
    return MappingProxyType(fields)


def aws(token: str, name: str, inputs: Mapping[str, Value], **fields: Any) -> Resource:
    return Resource(urn=f"urn:{token}::{name}", type=f"aws:{token}", name=name, custom=True, inputs=inputs, **fields)


def document(*resources: Resource, **outputs: Value) -> Any:
    return terraform.document(Plan(project="p", stack="dev", resources=resources, outputs=outputs))


def change(*resources: Resource) -> Any:
    return document(*resources)["resource_changes"][0]["change"]


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:cloudwatch/logGroup:LogGroup", "aws_cloudwatch_log_group"),
        ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "aws_default_security_group"),
        ("aws:ec2/eip:Eip", "aws_eip"),
        ("aws:ec2/flowLog:FlowLog", "aws_flow_log"),
        ("aws:ec2/internetGateway:InternetGateway", "aws_internet_gateway"),
        ("aws:ec2/launchTemplate:LaunchTemplate", "aws_launch_template"),
        ("aws:ec2/natGateway:NatGateway", "aws_nat_gateway"),
        ("aws:ec2/route:Route", "aws_route"),
        ("aws:ec2/routeTable:RouteTable", "aws_route_table"),
        ("aws:ec2/routeTableAssociation:RouteTableAssociation", "aws_route_table_association"),
        ("aws:ec2/securityGroup:SecurityGroup", "aws_security_group"),
        ("aws:ec2/subnet:Subnet", "aws_subnet"),
        ("aws:ec2/vpc:Vpc", "aws_vpc"),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "aws_vpc_endpoint"),
        ("aws:eks/accessEntry:AccessEntry", "aws_eks_access_entry"),
        ("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "aws_eks_access_policy_association"),
        ("aws:eks/addon:Addon", "aws_eks_addon"),
        ("aws:eks/cluster:Cluster", "aws_eks_cluster"),
        ("aws:eks/nodeGroup:NodeGroup", "aws_eks_node_group"),
        ("aws:eks/podIdentityAssociation:PodIdentityAssociation", "aws_eks_pod_identity_association"),
        ("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "aws_iam_openid_connect_provider"),
        ("aws:iam/policy:Policy", "aws_iam_policy"),
        ("aws:iam/role:Role", "aws_iam_role"),
        ("aws:iam/rolePolicy:RolePolicy", "aws_iam_role_policy"),
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws_iam_role_policy_attachment"),
        ("aws:kms/alias:Alias", "aws_kms_alias"),
        ("aws:kms/key:Key", "aws_kms_key"),
        ("aws:s3/bucket:Bucket", "aws_s3_bucket"),
        ("aws:s3/bucketPolicy:BucketPolicy", "aws_s3_bucket_policy"),
        ("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "aws_s3_bucket_ownership_controls"),
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws_s3_bucket_public_access_block"),
        (
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "aws_s3_bucket_server_side_encryption_configuration",
        ),
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws_vpc_security_group_ingress_rule"),
        ("aws:autoscaling/tag:Tag", "aws_autoscaling_group_tag"),
        ("aws:acm/certificate:Certificate", "aws_acm_certificate"),
        ("aws:alb/loadBalancer:LoadBalancer", "aws_alb"),
        ("aws:apigateway/response:Response", "aws_api_gateway_gateway_response"),
        ("aws:apigateway/restApi:RestApi", "aws_api_gateway_rest_api"),
        ("aws:apigatewayv2/api:Api", "aws_apigatewayv2_api"),
        ("aws:autoscaling/group:Group", "aws_autoscaling_group"),
        ("aws:backup/plan:Plan", "aws_backup_plan"),
        ("aws:bedrock/agentAgent:AgentAgent", "aws_bedrockagent_agent"),
        ("aws:bedrock/agentcoreGateway:AgentcoreGateway", "aws_bedrockagentcore_gateway"),
        ("aws:bedrock/guardrail:Guardrail", "aws_bedrock_guardrail"),
        ("aws:cfg/recorderStatus:RecorderStatus", "aws_config_configuration_recorder_status"),
        ("aws:cfg/rule:Rule", "aws_config_config_rule"),
        ("aws:cloudfront/distribution:Distribution", "aws_cloudfront_distribution"),
        ("aws:cloudtrail/eventDataStore:EventDataStore", "aws_cloudtrail_event_data_store"),
        ("aws:cloudtrail/trail:Trail", "aws_cloudtrail"),
        ("aws:cloudwatch/eventRule:EventRule", "aws_cloudwatch_event_rule"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "aws_cloudwatch_metric_alarm"),
        (
            "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment",
            "aws_cognito_identity_pool_roles_attachment",
        ),
        ("aws:cognito/userPool:UserPool", "aws_cognito_user_pool"),
        ("aws:dynamodb/table:Table", "aws_dynamodb_table"),
        ("aws:ebs/volume:Volume", "aws_ebs_volume"),
        ("aws:ec2/instance:Instance", "aws_instance"),
        ("aws:ec2/localGatewayRoute:LocalGatewayRoute", "aws_ec2_local_gateway_route"),
        ("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", "aws_ec2_managed_prefix_list_entry"),
        ("aws:ec2/tag:Tag", "aws_ec2_tag"),
        ("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "aws_vpc_peering_connection"),
        ("aws:ec2clientvpn/endpoint:Endpoint", "aws_ec2_client_vpn_endpoint"),
        ("aws:ec2transitgateway/transitGateway:TransitGateway", "aws_ec2_transit_gateway"),
        ("aws:ec2transitgateway/vpcAttachment:VpcAttachment", "aws_ec2_transit_gateway_vpc_attachment"),
        ("aws:ecr/repository:Repository", "aws_ecr_repository"),
        ("aws:ecs/service:Service", "aws_ecs_service"),
        ("aws:efs/fileSystem:FileSystem", "aws_efs_file_system"),
        ("aws:elasticache/replicationGroup:ReplicationGroup", "aws_elasticache_replication_group"),
        ("aws:elb/loadBalancer:LoadBalancer", "aws_elb"),
        ("aws:elb/loadBalancerPolicy:LoadBalancerPolicy", "aws_load_balancer_policy"),
        ("aws:guardduty/iPSet:IPSet", "aws_guardduty_ipset"),
        ("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "aws_kinesis_firehose_delivery_stream"),
        ("aws:lambda/function:Function", "aws_lambda_function"),
        ("aws:lb/listener:Listener", "aws_lb_listener"),
        ("aws:lb/loadBalancer:LoadBalancer", "aws_lb"),
        ("aws:lb/targetGroup:TargetGroup", "aws_lb_target_group"),
        ("aws:msk/cluster:Cluster", "aws_msk_cluster"),
        ("aws:opensearch/domain:Domain", "aws_opensearch_domain"),
        ("aws:opensearch/serverlessCollection:ServerlessCollection", "aws_opensearchserverless_collection"),
        ("aws:rds/cluster:Cluster", "aws_rds_cluster"),
        ("aws:rds/clusterInstance:ClusterInstance", "aws_rds_cluster_instance"),
        ("aws:rds/clusterSnapshot:ClusterSnapshot", "aws_db_cluster_snapshot"),
        ("aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy", "aws_rds_cluster_snapshot_copy"),
        ("aws:rds/instance:Instance", "aws_db_instance"),
        ("aws:rds/instanceDesiredState:InstanceDesiredState", "aws_rds_instance_state"),
        ("aws:rds/parameterGroup:ParameterGroup", "aws_db_parameter_group"),
        ("aws:rds/proxyTarget:ProxyTarget", "aws_db_proxy_target"),
        ("aws:rds/subnetGroup:SubnetGroup", "aws_db_subnet_group"),
        ("aws:route53/record:Record", "aws_route53_record"),
        ("aws:s3/bucketObjectv2:BucketObjectv2", "aws_s3_object"),
        ("aws:s3/bucketV2:BucketV2", "aws_s3_bucket"),
        ("aws:secretsmanager/secret:Secret", "aws_secretsmanager_secret"),
        ("aws:servicediscovery/service:Service", "aws_service_discovery_service"),
        ("aws:sfn/stateMachine:StateMachine", "aws_sfn_state_machine"),
        ("aws:sns/topic:Topic", "aws_sns_topic"),
        ("aws:sqs/queue:Queue", "aws_sqs_queue"),
        ("aws:sqs/redrivePolicy:RedrivePolicy", "aws_sqs_queue_redrive_policy"),
        ("aws:ssm/parameter:Parameter", "aws_ssm_parameter"),
        ("aws:wafv2/webAcl:WebAcl", "aws_wafv2_web_acl"),
        ("aws:some/newThing:NewThing", "aws_some_new_thing"),
    ],
)
def test_types_have_the_names_of_terraforms_provider(token: str, name: str) -> None:
    assert names.type_name(token) == name


@pytest.mark.parametrize(
    ("property_", "name"),
    [
        ("cidrBlock", "cidr_block"),
        ("serviceIpv4Cidr", "service_ipv4_cidr"),
        ("mapPublicIpOnLaunch", "map_public_ip_on_launch"),
        ("kmsKeyId", "kms_key_id"),
        ("clientIdLists", "client_id_list"),
        ("taints", "taint"),
        ("rules", "rule"),
        ("enabledClusterLogTypes", "enabled_cluster_log_types"),
        ("defaultActions", "default_action"),
        ("ebsBlockDevices", "ebs_block_device"),
        ("eventBuses", "event_bus"),
        ("globalSecondaryIndexes", "global_secondary_index"),
        ("lifecyclePolicies", "lifecycle_policy"),
        ("republishes", "republish"),
        ("blockDeviceMappings", "block_device_mappings"),
        ("ingress", "ingress"),
        ("id", "id"),
    ],
)
def test_properties_have_their_names_there_too(property_: str, name: str) -> None:
    assert names.attribute(property_) == name


@pytest.mark.parametrize(
    ("name", "local"), [("eks-vpc-dev", "eks-vpc-dev"), ("a.b/c", "a_b_c"), ("1a", "_1a"), ("-a", "_-a"), ("é", "_")]
)
def test_a_resources_name_is_one_that_terraform_takes(name: str, local: str) -> None:
    assert names.local_name(name) == local


def test_objects_are_blocks_but_for_those_with_keys_of_the_users_own() -> None:
    inputs = frozen(
        vpcConfig=frozen(subnetIds=("s-1", "s-2"), endpointPublicAccess=False),
        rules=(frozen(applyServerSideEncryptionByDefault=frozen(sseAlgorithm="AES256")),),
        tags=frozen(someKey="a"),
        labels=frozen(nodeType="spot"),
        empty=(),
    )

    assert change(aws("eks/cluster:Cluster", "c", inputs))["after"] == {
        "id": "",
        "vpc_config": [{"subnet_ids": ["s-1", "s-2"], "endpoint_public_access": False}],
        "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}],
        "tags": {"someKey": "a"},
        "labels": {"nodeType": "spot"},
        "empty": [],
    }


def test_what_only_a_deployment_can_tell_is_marked_where_it_stands() -> None:
    inputs = frozen(
        roleArn=Unknown(),
        encryptionConfig=frozen(provider=frozen(keyArn=Unknown()), resources=("secrets",)),
        subnetIds=("s-1", Unknown()),
        tags=frozen(Name="a", Owner=Unknown()),
        version="1.36",
    )
    outputs = frozen(arn=Unknown(), version="1.36", platformVersion="eks.1")

    found = change(aws("eks/cluster:Cluster", "c", inputs, outputs=outputs, id=Unknown()))

    assert found == {
        "actions": ["create"],
        "before": None,
        "after": {
            "platform_version": "eks.1",
            "encryption_config": [{"provider": [{}], "resources": ["secrets"]}],
            "subnet_ids": ["s-1", None],
            "tags": {"Name": "a"},
            "version": "1.36",
        },
        "after_unknown": {
            "arn": True,
            "id": True,
            "role_arn": True,
            "encryption_config": [{"provider": [{"key_arn": True}]}],
            "subnet_ids": [False, True],
            "tags": {"Owner": True},
        },
        "before_sensitive": False,
        "after_sensitive": {},
    }


def test_secrets_are_marked_and_never_shown() -> None:
    inputs = frozen(
        password=Secret("hunter2"),
        token=Secret(Unknown()),
        nothing=Secret(None),
        config=Secret(frozen(key="hunter2", id=Unknown())),
        items=(frozen(key=Secret("hunter2")), frozen(key="open")),
    )

    found = document(aws("x/thing:Thing", "t", inputs), kubeconfig=Secret("hunter2"), name="n", id=Unknown())

    changed = found["resource_changes"][0]["change"]
    assert changed["after"] == {
        "id": "",
        "password": "[secret]",
        "nothing": None,
        "config": "[secret]",
        "items": [{"key": "[secret]"}, {"key": "open"}],
    }
    assert changed["after_unknown"] == {"token": True}
    assert changed["after_sensitive"] == {
        "password": True,
        "token": True,
        "nothing": True,
        "config": True,
        "items": [{"key": True}, {}],
    }
    assert found["planned_values"]["outputs"] == {
        "kubeconfig": {"sensitive": True, "value": "[secret]"},
        "name": {"sensitive": False, "value": "n"},
        "id": {"sensitive": False},
    }
    assert "hunter2" not in json.dumps(found)


def test_references_stand_at_the_leaves_and_in_depends_on() -> None:
    key = aws("kms/key:Key", "key", frozen())
    other = Resource(urn="urn:other", type="kubernetes:core/v1:Namespace", name="n", custom=True)
    inputs = frozen(
        encryptionConfig=frozen(provider=frozen(keyArn=Unknown()), labels=frozen(a="b")),
        blocks=(frozen(id=Unknown()), frozen(id="x")),
        ids=(Unknown(),),
        plain="x",
    )
    sources = {
        "encryptionConfig": (key.urn,),
        "blocks": (key.urn, other.urn),
        "ids": (key.urn,),
        "plain": (other.urn,),
        "absent": (key.urn,),
    }
    cluster = aws("eks/cluster:Cluster", "c", inputs, property_dependencies=sources, dependencies=(key.urn, other.urn))

    found = document(key, cluster, other)["configuration"]["root_module"]["resources"]

    here = {"references": ["aws_kms_key.key"]}
    assert [each["address"] for each in found] == ["aws_eks_cluster.c", "aws_kms_key.key"]
    assert found[0]["depends_on"] == ["aws_kms_key.key"]
    assert found[0]["expressions"] == {
        "encryption_config": [{"provider": [{"key_arn": here}], "labels": here}],
        "blocks": [{"id": here}, {"id": here}],
        "ids": here,
    }


def test_only_what_aws_has_is_there_each_under_an_address_of_its_own() -> None:
    twice = (aws("ec2/vpc:Vpc", "v", frozen()), aws("ec2/vpc:Vpc", "v", frozen(), parent="urn:p"))
    found = document(
        twice[0],
        Resource(urn="urn:second", type="aws:ec2/vpc:Vpc", name="v", custom=True),
        Resource(urn="urn:component", type="aws:ec2/vpc:Vpc", name="component"),
        Resource(urn="urn:provider", type="pulumi:providers:aws", name="aws", custom=True),
    )

    planned = found["planned_values"]["root_module"]["resources"]
    assert [each["address"] for each in planned] == ["aws_vpc.v", "aws_vpc.v_1"]
    assert planned[1] == {
        "address": "aws_vpc.v_1",
        "mode": "managed",
        "type": "aws_vpc",
        "name": "v_1",
        "provider_name": "hashicorp/aws",
        "schema_version": 0,
        "values": {"id": ""},
        "sensitive_values": {},
    }


def test_the_shipped_platform_is_written_with_every_resource_and_no_stand_in() -> None:
    platform = load_platform(ROOT / "Pulumi.dev.yaml")
    found = planning.of_platform(platform, project="seatrial", stack="dev", preview=True)

    text = terraform.render(found)

    written = cast("dict[str, Any]", json.loads(text))
    changes = {each["address"]: each["change"] for each in written["resource_changes"]}
    assert len(changes) == sum(each.custom and each.type.startswith("aws:") for each in found)
    cluster = changes["aws_eks_cluster.eks-cluster-dev"]
    assert cluster["after"]["access_config"] == [
        {"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False}
    ]
    assert cluster["after_unknown"]["vpc_config"] == [{"subnet_ids": [True, True]}]
    assert written["planned_values"]["outputs"]["kubeconfig"] == {"sensitive": True}
