"""The types of resources that rules look at, by their tokens."""

from typing import Final

ACCESS_ENTRY: Final = "aws:eks/accessEntry:AccessEntry"
ACCESS_POLICY: Final = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
ADDON: Final = "aws:eks/addon:Addon"
ALIAS: Final = "aws:kms/alias:Alias"
CLUSTER: Final = "aws:eks/cluster:Cluster"
CLUSTER_COMPONENT: Final = "seatrial:index:Cluster"
CONFIG_MAP: Final = "kubernetes:core/v1:ConfigMap"
DEFAULT_SECURITY_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
FARGATE_PROFILE: Final = "aws:eks/fargateProfile:FargateProfile"
FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
IDENTITY_PROVIDER: Final = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
INTERNET_GATEWAY: Final = "aws:ec2/internetGateway:InternetGateway"
KEY: Final = "aws:kms/key:Key"
LAUNCH_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
MAIN_TABLE: Final = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
NAT_GATEWAY: Final = "aws:ec2/natGateway:NatGateway"
NETWORK_ACL: Final = "aws:ec2/networkAcl:NetworkAcl"
DEFAULT_NETWORK_ACL: Final = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
NETWORK_ACL_ASSOCIATION: Final = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
NETWORK_ACL_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule"
NODE_GROUP: Final = "aws:eks/nodeGroup:NodeGroup"
POD_IDENTITY: Final = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
POLICY: Final = "aws:iam/policy:Policy"
POLICY_ATTACHMENT: Final = "aws:iam/policyAttachment:PolicyAttachment"
ROLE: Final = "aws:iam/role:Role"
ROLE_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
ROUTE: Final = "aws:ec2/route:Route"
ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
SECURITY_GROUP_EGRESS: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
SECURITY_GROUP_INGRESS: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
SECURITY_GROUP_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
SUBNET: Final = "aws:ec2/subnet:Subnet"
TABLE_ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ATTACHMENTS: Final = (
    ROLE_ATTACHMENT,
    POLICY_ATTACHMENT,
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
)
"""What gives a policy to somebody."""

VPC: Final = "aws:ec2/vpc:Vpc"
