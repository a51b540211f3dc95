"""What the emulated account has beyond MiniStack, and where both differ from AWS."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Emulation:
    """How a service is emulated."""

    by: str
    """Whose work it is."""
    added: tuple[str, ...]
    """What MiniStack lacks, or lets pass, and is added here."""
    differs: tuple[str, ...]
    """Where it still is not AWS."""


GAPS: Mapping[str, Emulation] = {
    "account": Emulation(
        by="seatrial, in front of MiniStack",
        added=(
            "TLS with an own certificate authority, on the loopback interface only",
            "the signature of the root's calls is checked as any other",
            "every acknowledged change survives SIGKILL of the server",
            "a token in a header, or AWS's ClientToken, makes a repeated call answer the same without executing it",
            "injected faults, and a record of every call with its caller and error",
            "no default network: the account starts empty",
        ),
        differs=(
            "one account of the partition aws, no organisation, no quotas, no bills",
            "changes that take AWS minutes take a fraction of a second",
            "a ClientToken that comes with other parameters is another call, where AWS refuses it",
        ),
    ),
    "iam": Emulation(
        by="MiniStack, with additions",
        added=(
            "EC2, EKS, Elastic Load Balancing, IAM, KMS and Logs: each resource that a call creates or names",
            "… is judged, with its tags",
            "iam:PassRole with iam:PassedToService; tags on creation as a call of their own",
            "kms:CreateGrant and ec2:RunInstances, which EKS does with its caller's permissions",
            "route53:AssociateVPCWithHostedZone for private names of endpoints",
            "AWS's current managed policies of EKS, ECR, EBS CSI and Systems Manager, by their right paths",
            "client ids, thumbprints and tags of identity providers; their address without scheme",
            "refused: malformed trust policies, principals that don't exist, unknown policies",
            "refused: deletion of a policy that has several versions",
        ),
        differs=(
            "other services are judged by the one resource that MiniStack finds",
            "service-linked roles are not made; what they may do is taken for granted",
            "sts:AssumeRole takes a policy of the caller's own even where the role's trust policy names the caller",
            "permissions boundaries limit what a resource's policy grants to everybody, which on AWS they don't",
            "of condition keys there are: tags, tag keys, region, principal, source address, secure transport,",
            "… iam:PassedToService, iam:PolicyARN, iam:AWSServiceName, iam:PermissionsBoundary, iam:ResourceTag,",
            "… ec2:CreateAction, ec2:LaunchTemplate, ec2:ResourceTag, elasticloadbalancing:CreateAction,",
            "… elasticloadbalancing:ResourceTag, route53:VPCs",
            "others, such as kms:ViaService, ec2:Vpc or elasticloadbalancing:Scheme, are absent:",
            "… statements that ask for them don't apply",
        ),
    ),
    "ec2": Emulation(
        by="MiniStack, with additions",
        added=(
            "the zones that a region really has, by their names and ids",
            "NAT gateways per zone and regional, with addresses, interfaces and states",
            "elastic addresses that are in use",
            "VPC endpoints with policy, security groups, private names, interfaces and states",
            "flow logs with role, format, interval and tags; every member of launch templates",
            "network interfaces of a caller's own, with tags; those of AWS's services, which nobody else detaches",
            "instances hold an address, their subnet and security groups until they end, then also their root volume",
            "volumes of snapshots; lists of volumes, snapshots, interfaces and instances by any tag",
            "lists by ids, refused when one isn't there, and by filters, refused when unknown",
            "refused: ranges outside the network or over others; second routes, associations, gateways and rules",
            "refused: deletion of anything in use (DependencyViolation); tags that begin with aws:",
        ),
        differs=(
            "no traffic flows and no instance runs",
            "network interfaces of services, control planes, pods and instances are there, those of nodes one each",
            "instances of node groups are Auto Scaling's: EC2 doesn't list them",
            "an instance ends at once, and a volume or snapshot is ready at once; nothing is in it",
            "a network interface takes the address that it is given, not one that is asked for",
            "lists of EC2 come in one page",
            "network ACLs, DHCP options and prefix lists are MiniStack's",
        ),
    ),
    "eks": Emulation(
        by="seatrial",
        added=(
            "clusters, node groups, add-ons, access entries and policies, Pod Identity, updates, tags, versions",
            "every member kept; AWS's states, exceptions and messages",
            "the cluster's security group, network interfaces and log group; Auto Scaling groups with EKS's tags",
            "the access entry of the role of managed nodes",
            "nodes join only with network plugin, kube-proxy, permissions, node role and a way to AWS",
            "… otherwise the group ends in CREATE_FAILED with NodeCreationFailure",
            "add-ons with Deployments wait for nodes, then are DEGRADED",
            "configuration of add-ons is checked against their schema",
            "interfaces of nodes stay behind when the network plugin goes before the nodes, or its permission does",
            "a log group that is deleted before its cluster comes back",
            "OIDC discovery document and keys, by the ids that kube-apiserver gives them",
            "a real Kubernetes control plane for each cluster, when its executables are given: begun by CreateCluster,",
            "… gone before DeleteCluster ends, taken up again after SIGKILL of the account",
            "bearer tokens as aws eks get-token makes them, resolved to access entry, user name, groups and extra",
            "the webhook that tells pods of a service account with a role where their credentials come from",
            "access policies as ClusterRoles with the rules that AWS documents, bound where each is associated",
            "a Node for each instance of a group, with zone, labels, taints, capacity and what EKS reserves of it",
            "… also after SetDesiredCapacity or the termination of an instance; a group is ACTIVE when they are ready",
            "what add-ons put into a cluster, by version and configuration; they are ACTIVE when their pods are ready",
        ),
        differs=(
            "no machine runs: kwok reports nodes and pods ready, and no container starts",
            "the control plane is of the asked minor, or of the nearest that there is; UpdateClusterVersion keeps it",
            "its API listens on the loopback interface, whatever the cluster's endpoint access and security groups say",
            "one service account key for all clusters of the account",
            "metrics-server comes without its APIService: nothing would answer, and discovery would break",
            "service accounts of add-ons have no RBAC: their programs don't run",
            "access policies for Auto Mode, hybrid nodes and insights give nothing: their rules aren't documented",
            "a node that goes takes its pods along at once: nothing is drained, budgets are not asked;",
            "… another version or template replaces all nodes of a group together",
            "the ConfigMap aws-auth is not read",
            "a node's address is that of the one interface that it has; pods have addresses outside the subnets",
            "Fargate, Auto Mode, hybrid nodes, capabilities and insights: their parameters are kept, nothing more",
            "EKS's own copy of a node group's launch template is not made",
            "the catalogue of add-ons and their schemas is a selection",
        ),
    ),
    "elasticloadbalancing": Emulation(
        by="MiniStack, with additions",
        added=(
            "load balancers stand in their subnets: interfaces of the service with its security groups and public",
            "… addresses, until a while after their deletion; they keep networks, groups and gateways from going",
            "ARNs by type; elastic addresses of network load balancers; actions that forward to several groups",
            "classic load balancers: created, described, deleted, tagged",
            "lists by pages",
            "refused: subnets, groups, zones and names that don't fit; second listeners and priorities",
            "refused: deletion under deletion protection, and of target groups in use",
        ),
        differs=(
            "no traffic flows and no target is checked; a load balancer is active at once",
            "the same request again is refused, where AWS answers with the load balancer that it made",
            "classic load balancers have neither policies, attributes, health checks nor instances",
            "addresses are IPv4",
        ),
    ),
    "eks-auth": Emulation(
        by="seatrial",
        added=("credentials for pods by their token and Pod Identity association, with session tags and policy",),
        differs=("the agent of the nodes doesn't run: pods are not served, but who has a token of one is",),
    ),
    "kms": Emulation(
        by="MiniStack, with additions",
        added=(
            "refused: malformed policies, principals that don't exist, changes of a key that waits for its deletion",
        ),
        differs=("a key that waits for its deletion is never deleted",),
    ),
    "logs": Emulation(
        by="MiniStack, with additions",
        added=(
            "keys of log groups, refused unless the key's policy admits the service for that group",
            "a log group is judged by its ARN with the streams' end, in calls about tags without",
        ),
        differs=("nothing is encrypted",),
    ),
    "autoscaling": Emulation(
        by="MiniStack, with additions",
        added=("the termination of a certain instance, as autoscalers ask for it",),
        differs=("instances are only numbers, and nodes where a cluster has a control plane",),
    ),
    "sts": Emulation(
        by="MiniStack, with additions",
        added=(
            "sessions survive SIGKILL of the server",
            "tokens of service accounts: signature, issuer, times and audience are verified, refused as AWS does",
        ),
        differs=(
            "only clusters of the account are known as issuers of web identities",
            "a session lasts as long as it asks to: the role's own limit is not looked at",
        ),
    ),
    "s3": Emulation(
        by="MiniStack",
        added=("objects and settings of buckets survive SIGKILL of the server",),
        differs=("nothing is encrypted", "buckets of other accounts are not known: every free name can be had"),
    ),
}
"""Service to how it is emulated."""
