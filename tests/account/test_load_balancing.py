"""Load balancers as controllers of a cluster make them, and what their deletion takes."""

from typing import Any

import pytest

from seatrial.rehearsal.account.inventory import leftovers

OWNED = {"Key": "elbv2.k8s.aws/cluster", "Value": "it"}
ARN = "arn:aws:elasticloadbalancing:us-east-2:000000000000:"
LISTENER = {"Protocol": "TCP", "LoadBalancerPort": 80, "InstanceProtocol": "TCP", "InstancePort": 30080}


class Town:
    """A network with two public subnets, and load balancers in it."""

    def __init__(self, account: Any) -> None:
        self.account, self.ec2 = account, account.client("ec2")
        self.new, self.old = account.client("elbv2"), account.client("elb")
        self.vpc = account.vpc()
        self.subnets = account.subnets(self.vpc)
        self.gateway = account.open(self.vpc)
        self.group = self.ec2.create_security_group(GroupName="own", Description="own", VpcId=self.vpc)["GroupId"]
        self.name = account.name("balancer")

    def balancer(self, **parameters: Any) -> dict[str, Any]:
        given = {"Name": self.name, "Subnets": self.subnets, "Tags": [OWNED], **parameters}
        return self.new.create_load_balancer(**given)["LoadBalancers"][0]

    def targets(self, **parameters: Any) -> str:
        given = {"Name": self.account.name("targets"), "Protocol": "TCP", "Port": 80, "VpcId": self.vpc, **parameters}
        return self.new.create_target_group(**given)["TargetGroups"][0]["TargetGroupArn"]

    def listener(self, balancer: str, *groups: str, port: int = 80, **parameters: Any) -> str:
        made = self.new.create_listener(
            LoadBalancerArn=balancer, Port=port, Protocol="TCP", DefaultActions=[forward(*groups)], **parameters
        )
        return made["Listeners"][0]["ListenerArn"]

    def rule(self, listener: str, *groups: str, priority: int = 1, **parameters: Any) -> str:
        condition = {"Field": "path-pattern", "Values": ["/x"]}
        made = self.new.create_rule(
            ListenerArn=listener, Priority=priority, Conditions=[condition], Actions=[forward(*groups)], **parameters
        )
        return made["Rules"][0]["RuleArn"]

    def classic(self, **parameters: Any) -> str:
        given = {"LoadBalancerName": self.name, "Listeners": [LISTENER], "Subnets": self.subnets, **parameters}
        return self.old.create_load_balancer(**given)["DNSName"]

    def interfaces(self) -> list[dict[str, Any]]:
        here = [{"Name": "vpc-id", "Values": [self.vpc]}, {"Name": "description", "Values": ["ELB *"]}]
        return self.ec2.describe_network_interfaces(Filters=here)["NetworkInterfaces"]

    def detach(self) -> None:
        self.ec2.detach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)

    def refusal(self, operation: str, service: str = "elbv2", /, **parameters: Any) -> str:
        return self.account.refusal(service, operation, **parameters)


def forward(*groups: str) -> dict[str, Any]:
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": group} for group in groups]}}


@pytest.fixture
def town(account: Any) -> Town:
    return Town(account)


TYPES = {"application": ("app", "interface"), "network": ("net", "network_load_balancer")}


@pytest.mark.parametrize("kind", TYPES)
def test_a_balancer_stands_in_its_subnets_until_a_while_after_its_deletion(town: Town, kind: str) -> None:
    short, of_interface = TYPES[kind]
    made = town.balancer(Type=kind, SecurityGroups=[town.group])
    tail = f"{short}/{town.name}/{made['LoadBalancerArn'].rpartition('/')[2]}"
    held = town.interfaces()

    assert made["LoadBalancerArn"] == f"{ARN}loadbalancer/{tail}"
    assert [zone["ZoneName"] for zone in made["AvailabilityZones"]] == ["us-east-2a", "us-east-2b"]
    assert [it["SubnetId"] for it in held] == town.subnets
    for it in held:
        assert (it["Description"], it["Status"], it["InterfaceType"]) == (f"ELB {tail}", "in-use", of_interface)
        assert (it["RequesterManaged"], it["RequesterId"]) == (True, "amazon-elb")
        assert it["Groups"] == [{"GroupId": town.group, "GroupName": "own"}]
        assert it["Association"]["IpOwnerId"] == it["Attachment"]["InstanceOwnerId"] == "amazon-elb"
    town.new.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
    assert len(town.interfaces()) == 2
    assert "DependencyViolation" in town.refusal("delete_security_group", "ec2", GroupId=town.group)
    town.account.wait()
    assert town.interfaces() == []
    town.ec2.delete_security_group(GroupId=town.group)


def test_what_a_balancer_needs_stays_while_it_is_there(town: Town) -> None:
    town.balancer(SecurityGroups=[town.group])
    inside = town.interfaces()[0]["NetworkInterfaceId"]

    told = town.refusal("detach_internet_gateway", "ec2", InternetGatewayId=town.gateway, VpcId=town.vpc)
    assert told.startswith("DependencyViolation: ")
    assert "has some mapped public address(es)" in told
    for operation, parameters in (
        ("delete_subnet", {"SubnetId": town.subnets[0]}),
        ("delete_security_group", {"GroupId": town.group}),
        ("delete_vpc", {"VpcId": town.vpc}),
    ):
        assert town.refusal(operation, "ec2", **parameters).startswith("DependencyViolation: "), operation
    assert "is currently in use" in town.refusal("delete_network_interface", "ec2", NetworkInterfaceId=inside)


def test_an_internal_balancer_has_no_public_address(town: Town) -> None:
    town.detach()
    made = town.balancer(Scheme="internal", Type="application")

    assert made["DNSName"].startswith(f"internal-{town.name}-")
    assert [it["GroupName"] for it in town.interfaces()[0]["Groups"]] == ["default"]
    assert not any("Association" in it for it in town.interfaces())


def test_a_network_balancer_holds_elastic_addresses_until_it_is_gone(town: Town) -> None:
    address = town.ec2.allocate_address(Domain="vpc")
    mapping = [{"SubnetId": town.subnets[0], "AllocationId": address["AllocationId"]}]
    given = {"Type": "network", "SubnetMappings": mapping, "Subnets": []}
    made = town.balancer(**given)
    shown = made["AvailabilityZones"][0]["LoadBalancerAddresses"]

    assert shown == [{"IpAddress": address["PublicIp"], "AllocationId": address["AllocationId"]}]
    assert "Groups" not in town.interfaces()[0] or not town.interfaces()[0]["Groups"]
    assert "InUse" in town.refusal("release_address", "ec2", AllocationId=address["AllocationId"])
    again = town.refusal("create_load_balancer", **{**given, "Name": town.account.name()})
    assert again.startswith("AllocationIdNotFound")
    town.new.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
    town.account.wait()
    town.ec2.release_address(AllocationId=address["AllocationId"])


NO_SUBNET, NO_GROUP = "subnet-00000000000000000", "sg-00000000000000000"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "one subnet": ({"Subnets": [0]}, "ValidationError: At least two subnets in two different"),
    "no subnet": ({"Subnets": [], "Type": "network"}, "ValidationError: At least one subnet"),
    "unknown subnet": ({"Subnets": [0, NO_SUBNET]}, f"SubnetNotFound: The subnet ID '{NO_SUBNET}' does not exist"),
    "unknown group": ({"SecurityGroups": [NO_GROUP]}, "InvalidSecurityGroup: One or more security groups are invalid"),
    "long name": ({"Name": "a" * 33}, "ValidationError: The load balancer name"),
    "other network": ({"Subnets": [0, "other"]}, "InvalidConfigurationRequest: All subnets must belong to the same"),
    "same zone": ({"Subnets": [0, "twin"]}, "InvalidConfigurationRequest: A load balancer cannot be attached to"),
}


@pytest.mark.parametrize(("parameters", "text"), REFUSED.values(), ids=REFUSED)
def test_balancers_that_aws_refuses_are_refused(town: Town, parameters: dict[str, Any], text: str) -> None:
    given: dict[str, Any] = {"Name": town.name, "Subnets": town.subnets, **parameters}
    twin = {"VpcId": town.vpc, "CidrBlock": "10.0.9.0/24", "AvailabilityZone": "us-east-2a"}
    named = {
        0: town.subnets[0],
        "other": town.account.subnets(town.account.vpc(), "b")[0],
        "twin": town.ec2.create_subnet(**twin)["Subnet"]["SubnetId"],
    }
    given["Subnets"] = [named.get(subnet, subnet) for subnet in given["Subnets"]]

    assert town.refusal("create_load_balancer", **given).startswith(text)
    assert town.interfaces() == []


def test_a_balancer_that_faces_the_internet_needs_a_way_there_and_a_free_name(town: Town) -> None:
    town.balancer(Scheme="internal")
    given = {"Name": town.name, "Subnets": town.subnets}
    town.detach()

    assert town.refusal("create_load_balancer", **given).startswith("DuplicateLoadBalancerName")
    told = town.refusal("create_load_balancer", **{**given, "Name": town.account.name()})
    assert told == f"InvalidSubnet: VPC {town.vpc} has no internet gateway"


def test_other_subnets_and_groups_move_the_interfaces(town: Town) -> None:
    number = town.balancer(Type="network")["LoadBalancerArn"]
    other = town.account.vpc()
    foreign = town.ec2.create_security_group(GroupName="x", Description="x", VpcId=other)["GroupId"]
    about = {"LoadBalancerArn": number}

    town.new.set_security_groups(**about, SecurityGroups=[town.group])
    zones = town.new.set_subnets(**about, Subnets=town.subnets[:1])["AvailabilityZones"]
    town.account.wait()

    assert [zone["SubnetId"] for zone in zones] == [it["SubnetId"] for it in town.interfaces()] == town.subnets[:1]
    assert [it["GroupId"] for it in town.interfaces()[0]["Groups"]] == [town.group]
    told = town.refusal("set_security_groups", **about, SecurityGroups=[foreign])
    assert told.startswith("InvalidSecurityGroup")
    nowhere = {"LoadBalancerArn": f"{number}0", "Subnets": town.subnets}
    assert town.refusal("set_subnets", **nowhere).startswith("LoadBalancerNotFound")


def test_a_protected_balancer_is_not_deleted_and_one_that_is_gone_is_deleted_again(town: Town) -> None:
    about = {"LoadBalancerArn": town.balancer()["LoadBalancerArn"]}
    protection = {"Key": "deletion_protection.enabled", "Value": "true"}
    town.new.modify_load_balancer_attributes(**about, Attributes=[protection])

    told = town.refusal("delete_load_balancer", **about)
    town.new.modify_load_balancer_attributes(**about, Attributes=[{**protection, "Value": "false"}])
    town.new.delete_load_balancer(**about)
    town.new.delete_load_balancer(**about)

    assert told.startswith("OperationNotPermitted: Load balancer 'arn:")
    assert "cannot be deleted because deletion protection is enabled" in told


@pytest.mark.parametrize("kind", TYPES)
def test_a_balancer_is_deleted_with_its_listeners_and_then_target_groups_are_free(town: Town, kind: str) -> None:
    first, second, third = town.targets(), town.targets(), town.targets()
    made = town.balancer(Type=kind)["LoadBalancerArn"]
    listener = town.listener(made, first, second, Tags=[OWNED])
    rule = town.rule(listener, third, Tags=[OWNED])
    tail = made.partition(":loadbalancer/")[2]

    assert listener.startswith(f"{ARN}listener/{tail}/")
    assert rule.startswith(f"{listener.replace(':listener/', ':listener-rule/')}/")
    shown = town.new.describe_listeners(LoadBalancerArn=made)["Listeners"][0]
    assert shown["ListenerArn"] == listener
    weighted = shown["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    assert weighted == [{"TargetGroupArn": first, "Weight": 1}, {"TargetGroupArn": second, "Weight": 1}]
    rules = town.new.describe_rules(ListenerArn=listener)["Rules"]
    assert [it["Actions"][0].get("TargetGroupArn") for it in rules if not it["IsDefault"]] == [third]
    for group in (first, second, third):
        text = f"ResourceInUse: Target group '{group}' is currently in use by a listener or a rule"
        assert town.refusal("delete_target_group", TargetGroupArn=group) == text
        assert town.new.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]["LoadBalancerArns"] == [made]
    town.new.delete_load_balancer(LoadBalancerArn=made)
    for group in (first, second, third):
        town.new.delete_target_group(TargetGroupArn=group)
    for operation, parameters in (
        ("describe_listeners", {"ListenerArns": [listener]}),
        ("describe_rules", {"RuleArns": [rule]}),
        ("describe_tags", {"ResourceArns": [listener]}),
        ("describe_listeners", {"LoadBalancerArn": made}),
    ):
        assert "NotFound: " in town.refusal(operation, **parameters)


def test_target_groups_are_listed_by_balancer_and_freed_by_their_listener(town: Town) -> None:
    made, group = town.balancer()["LoadBalancerArn"], town.targets()
    town.targets()
    simple = {"Type": "forward", "TargetGroupArn": group}
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    given = {"LoadBalancerArn": made, "Port": 80, "Protocol": "HTTP"}
    listener = town.new.create_listener(**given, DefaultActions=[simple])["Listeners"][0]["ListenerArn"]

    found = town.new.describe_target_groups(LoadBalancerArn=made)["TargetGroups"]
    assert [it["TargetGroupArn"] for it in found] == [group]
    town.new.modify_listener(ListenerArn=listener, DefaultActions=[fixed])
    town.new.delete_target_group(TargetGroupArn=group)


NO_GROUP_ARN = f"{ARN}targetgroup/none/0000000000000000"


def test_listeners_rules_and_groups_that_aws_refuses_are_refused(town: Town) -> None:
    made, group = town.balancer()["LoadBalancerArn"], town.targets()
    listener = town.listener(made, group)
    town.rule(listener, group)
    port = {"LoadBalancerArn": made, "Port": 80, "Protocol": "TCP"}
    path = {"Conditions": [{"Field": "path-pattern", "Values": ["/"]}]}

    for operation, parameters, code in (
        ("create_listener", {**port, "DefaultActions": [forward(group)]}, "DuplicateListener"),
        ("create_listener", {**port, "DefaultActions": [forward(NO_GROUP_ARN)]}, "TargetGroupNotFound"),
        (
            "modify_listener",
            {"ListenerArn": listener, "DefaultActions": [forward(NO_GROUP_ARN)]},
            "TargetGroupNotFound",
        ),
        ("create_rule", {"ListenerArn": listener, "Priority": 1, **path, "Actions": [forward(group)]}, "PriorityInUse"),
        ("create_target_group", {"Name": "a" * 33}, "ValidationError: Target group name"),
        ("create_target_group", {"Name": "a", "VpcId": "vpc-0"}, "ValidationError: The VPC ID 'vpc-0' is not found"),
        ("describe_load_balancers", {"Names": ["none"]}, "LoadBalancerNotFound: One or more load balancers not found"),
        ("describe_target_groups", {"Names": ["none"]}, "TargetGroupNotFound: One or more target groups not found"),
        ("describe_rules", {"ListenerArn": f"{listener}0"}, "ListenerNotFound"),
        ("add_tags", {"ResourceArns": [made, group], "Tags": [OWNED]}, "ValidationError: Only one resource can be"),
        ("remove_tags", {"ResourceArns": [made, group], "TagKeys": ["a"]}, "ValidationError: Only one resource can be"),
        ("describe_tags", {"ResourceArns": [made] * 21}, "ValidationError: Cannot have more than 20 resources"),
    ):
        assert town.refusal(operation, **parameters).startswith(code), operation


def test_tags_on_creation_are_described_for_twenty_at_once(town: Town) -> None:
    made, group = town.balancer()["LoadBalancerArn"], town.targets(Tags=[OWNED])
    listener = town.listener(made, group, Tags=[OWNED])
    numbers = [made, group, listener, town.rule(listener, group, Tags=[OWNED])]

    described = town.new.describe_tags(ResourceArns=numbers * 5)["TagDescriptions"]

    assert [(it["ResourceArn"], it["Tags"]) for it in described[:4]] == [(number, [OWNED]) for number in numbers]


def test_lists_come_by_pages_and_miss_nothing_when_what_was_shown_is_deleted(town: Town) -> None:
    names = [f"{town.name}-{number}" for number in range(3)]
    numbers = [town.balancer(Name=name, Scheme="internal")["LoadBalancerArn"] for name in names]
    seen: list[str] = []
    for page in town.new.get_paginator("describe_load_balancers").paginate(PaginationConfig={"PageSize": 1}):
        found = [it["LoadBalancerArn"] for it in page["LoadBalancers"]]
        assert len(found) == 1
        seen += found
        if found[0] in numbers:
            town.new.delete_load_balancer(LoadBalancerArn=found[0])

    assert set(numbers) <= set(seen)
    assert len(seen) == len(set(seen))


def test_classic_balancers_stand_in_their_subnets_too(town: Town) -> None:
    address = town.classic(SecurityGroups=[town.group], Tags=[OWNED])
    shown = town.old.describe_load_balancers(LoadBalancerNames=[town.name])["LoadBalancerDescriptions"][0]
    held = town.interfaces()

    assert (shown["DNSName"], shown["VPCId"], shown["Subnets"]) == (address, town.vpc, town.subnets)
    assert shown["ListenerDescriptions"][0]["Listener"] == LISTENER
    assert shown["AvailabilityZones"] == ["us-east-2a", "us-east-2b"]
    assert (shown["SecurityGroups"], shown["SourceSecurityGroup"]["GroupName"]) == ([town.group], "own")
    assert {it["Description"] for it in held} == {f"ELB {town.name}"}
    assert [it["SubnetId"] for it in held] == town.subnets
    assert all(it["Association"]["PublicIp"] for it in held)
    town.old.delete_load_balancer(LoadBalancerName=town.name)
    town.old.delete_load_balancer(LoadBalancerName=town.name)
    town.account.wait()
    assert town.interfaces() == []
    town.detach()


def test_an_internal_classic_balancer_has_the_default_group(town: Town) -> None:
    town.detach()
    address = town.classic(Scheme="internal")

    assert address.startswith(f"internal-{town.name}-")
    assert [it["GroupName"] for it in town.interfaces()[0]["Groups"]] == ["default"]
    assert not any("Association" in it for it in town.interfaces())


def test_classic_balancers_have_tags(town: Town) -> None:
    town.classic(Tags=[{"Key": "kubernetes.io/cluster/it", "Value": "owned"}, OWNED])
    about = {"LoadBalancerNames": [town.name]}

    town.old.add_tags(**about, Tags=[{"Key": "a", "Value": "b"}])
    town.old.remove_tags(**about, Tags=[{"Key": OWNED["Key"]}])

    described = town.old.describe_tags(**about)["TagDescriptions"]
    tags = {tag["Key"]: tag["Value"] for tag in described[0]["Tags"]}
    assert (described[0]["LoadBalancerName"], tags) == (town.name, {"kubernetes.io/cluster/it": "owned", "a": "b"})


def test_classic_balancers_come_by_pages(town: Town) -> None:
    names = {f"{town.name}-{number}" for number in range(3)}
    for name in names:
        town.classic(LoadBalancerName=name)
    pages = [*town.old.get_paginator("describe_load_balancers").paginate(PaginationConfig={"PageSize": 2})]
    sizes = [len(page["LoadBalancerDescriptions"]) for page in pages]
    seen = {it["LoadBalancerName"] for page in pages for it in page["LoadBalancerDescriptions"]}

    assert max(sizes) == 2
    assert names <= seen


CLASSIC: dict[str, tuple[str, dict[str, Any], str]] = {
    "unknown": (
        "describe_load_balancers",
        {"LoadBalancerNames": ["none"]},
        "LoadBalancerNotFound: There is no ACTIVE Load Balancer named 'none'",
    ),
    "tags of an unknown": ("describe_tags", {"LoadBalancerNames": ["none"]}, "LoadBalancerNotFound"),
    "many": (
        "describe_tags",
        {"LoadBalancerNames": ["none"] * 21},
        "ValidationError: 1 validation error detected: Value '[none, ",
    ),
    "two to tag": (
        "add_tags",
        {"LoadBalancerNames": ["a", "b"], "Tags": [OWNED]},
        "ValidationError: Exactly 1 LoadBalancerName can be specified",
    ),
    "no subnet": (
        "create_load_balancer",
        {"LoadBalancerName": "a", "Listeners": [LISTENER], "AvailabilityZones": ["us-east-2a"]},
        "ValidationError: Either AvailabilityZones or SubnetIds",
    ),
    "unknown subnet": (
        "create_load_balancer",
        {"LoadBalancerName": "a", "Listeners": [LISTENER], "Subnets": [NO_SUBNET]},
        "SubnetNotFound",
    ),
    "not emulated": ("describe_load_balancer_policies", {}, "InvalidAction"),
}


@pytest.mark.parametrize(("operation", "parameters", "text"), CLASSIC.values(), ids=CLASSIC)
def test_classic_calls_that_aws_refuses_are_refused(
    account: Any, operation: str, parameters: dict[str, Any], text: str
) -> None:
    assert account.refusal("elb", operation, **parameters).startswith(text)


def test_a_classic_name_is_given_once(town: Town) -> None:
    town.classic()
    given = {"LoadBalancerName": town.name, "Listeners": [LISTENER], "Subnets": town.subnets}

    assert town.refusal("create_load_balancer", "elb", **given).startswith("DuplicateLoadBalancerName")


def test_balancers_survive_a_kill_of_the_server_and_so_does_their_end(town: Town) -> None:
    made = town.balancer(SecurityGroups=[town.group])["LoadBalancerArn"]
    listener = town.listener(made, town.targets())
    town.classic(Tags=[OWNED])
    town.account.restart()

    assert len(town.interfaces()) == 4
    assert town.new.describe_listeners(LoadBalancerArn=made)["Listeners"][0]["ListenerArn"] == listener
    assert town.old.describe_tags(LoadBalancerNames=[town.name])["TagDescriptions"][0]["Tags"] == [OWNED]
    town.new.delete_load_balancer(LoadBalancerArn=made)
    town.old.delete_load_balancer(LoadBalancerName=town.name)
    town.account.restart()
    assert len(town.interfaces()) == 4
    town.account.wait()
    town.account.restart()
    assert town.interfaces() == []
    assert "LoadBalancerNotFound" in town.refusal("describe_load_balancers", LoadBalancerArns=[made])
    told = town.refusal("describe_load_balancers", "elb", LoadBalancerNames=[town.name])
    assert told.startswith("LoadBalancerNotFound")


def test_both_kinds_are_found_when_something_is_left(town: Town) -> None:
    made = town.balancer()["LoadBalancerArn"]
    town.classic()

    found = leftovers(town.account.client)

    assert made in found["elbv2 describe_load_balancers"]
    assert town.name in found["elb describe_load_balancers"]


def allow(action: Any, resource: Any, condition: Any = None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": [f"elasticloadbalancing:{it}" for it in action], "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def equals(key: str, value: str = OWNED["Value"]) -> dict[str, Any]:
    return {"StringEquals": {key: value}}


OWN = equals(f"aws:ResourceTag/{OWNED['Key']}")
OWN_TOO = equals(f"elasticloadbalancing:ResourceTag/{OWNED['Key']}")
ASKED = equals(f"aws:RequestTag/{OWNED['Key']}")


def test_a_deletion_is_judged_by_the_tags_of_what_goes(town: Town) -> None:
    group, made = town.targets(), town.balancer(Tags=[{"Key": "a", "Value": "b"}])["LoadBalancerArn"]
    listener = town.listener(made, group)
    rule = town.rule(listener, group)
    user = town.account.user(
        allow(["DeleteLoadBalancer", "DeleteRule"], f"{ARN}*", OWN),
        allow(["DeleteListener", "DeleteTargetGroup"], f"{ARN}*", OWN_TOO),
    )
    new = town.account.client("elbv2", user)

    for operation, member, number in (
        ("delete_rule", "RuleArn", rule),
        ("delete_listener", "ListenerArn", listener),
        ("delete_target_group", "TargetGroupArn", group),
        ("delete_load_balancer", "LoadBalancerArn", made),
    ):
        told = town.account.refusal("elbv2", operation, user, **{member: number})
        assert told.startswith("AccessDenied: ")
        assert f"on resource: {number} because" in told
        town.new.add_tags(ResourceArns=[number], Tags=[OWNED])
        getattr(new, operation)(**{member: number})


def test_a_creation_is_judged_by_what_it_makes_and_tags_are_a_call_of_their_own(town: Town) -> None:
    create = ["CreateLoadBalancer", "CreateTargetGroup", "CreateListener", "CreateRule", "SetRulePriorities"]
    without = town.account.user(allow(create, "*"))
    made = [
        allow(["CreateLoadBalancer"], f"{ARN}loadbalancer/net/{town.name}/*", ASKED),
        allow(["CreateTargetGroup"], f"{ARN}targetgroup/{town.name}/*", ASKED),
        allow(["CreateListener"], f"{ARN}loadbalancer/net/{town.name}/*", OWN),
        allow(["CreateRule"], f"{ARN}listener/net/{town.name}/*/*", OWN),
        allow(["SetRulePriorities"], f"{ARN}listener-rule/net/{town.name}/*", OWN),
    ]
    names = ("loadbalancer", "targetgroup", "listener", "listener-rule")
    tagging = [
        allow(["AddTags"], f"{ARN}{kind}/*", equals("elasticloadbalancing:CreateAction", action))
        for kind, action in zip(names, create, strict=False)
    ]
    user = town.account.user(*made, *tagging)
    new, tags = town.account.client("elbv2", user), {"Tags": [OWNED]}
    balancer = {"Name": town.name, "Subnets": town.subnets, "Type": "network", **tags}
    group = {"Name": town.name, "Port": 80, "Protocol": "TCP", "VpcId": town.vpc, **tags}

    told = town.account.refusal("elbv2", "create_load_balancer", without, **balancer)
    assert f"elasticloadbalancing:AddTags on resource: {ARN}loadbalancer/net/{town.name}/*" in told
    told = town.account.refusal("elbv2", "create_load_balancer", user, **{**balancer, "Type": "application"})
    assert f"CreateLoadBalancer on resource: {ARN}loadbalancer/app/{town.name}/*" in told
    number = new.create_load_balancer(**balancer)["LoadBalancers"][0]["LoadBalancerArn"]
    targets = new.create_target_group(**group)["TargetGroups"][0]["TargetGroupArn"]
    action = [forward(targets)]
    given = {"LoadBalancerArn": number, "Port": 80, "Protocol": "TCP", "DefaultActions": action, **tags}
    listener = new.create_listener(**given)["Listeners"][0]["ListenerArn"]
    path = [{"Field": "path-pattern", "Values": ["/"]}]
    rule = {"ListenerArn": listener, "Priority": 1, "Conditions": path, "Actions": action, **tags}
    made_rule = new.create_rule(**rule)["Rules"][0]["RuleArn"]
    new.set_rule_priorities(RulePriorities=[{"RuleArn": made_rule, "Priority": 2}])
    assert "AddTags" in town.account.refusal("elbv2", "add_tags", user, ResourceArns=[number], **tags)


def test_tags_are_judged_by_their_keys_and_reads_by_nothing(town: Town) -> None:
    made = town.balancer()["LoadBalancerArn"]
    keys = {"ForAllValues:StringEquals": {"aws:TagKeys": ["old"]}}
    user = town.account.user(allow(["RemoveTags"], made, keys), allow(["DescribeLoadBalancers"], "*"))
    blind = town.account.user(allow(["DescribeLoadBalancers"], made))
    about = {"ResourceArns": [made]}

    town.account.client("elbv2", user).remove_tags(**about, TagKeys=["old"])
    told = town.account.refusal("elbv2", "remove_tags", user, **about, TagKeys=[OWNED["Key"]])

    assert f"elasticloadbalancing:RemoveTags on resource: {made}" in told
    assert town.account.client("elbv2", user).describe_load_balancers(LoadBalancerArns=[made])["LoadBalancers"]
    named = town.account.refusal("elbv2", "describe_load_balancers", blind, LoadBalancerArns=[made])
    assert "DescribeLoadBalancers on resource: * because" in named
    assert "AccessDenied" in town.account.refusal("elbv2", "delete_load_balancer", user, LoadBalancerArn=made)
    unnamed = town.account.refusal(
        "elbv2", "create_trust_store", user, Name="a", CaCertificatesBundleS3Bucket="b", CaCertificatesBundleS3Key="c"
    )
    assert "AccessDenied" in unnamed


def test_classic_balancers_are_judged_by_name_and_tags(town: Town) -> None:
    arn = f"{ARN}loadbalancer/{town.name}"
    keys = {"ForAllValues:StringEquals": {"aws:TagKeys": ["old"]}}
    user = town.account.user(
        allow(["CreateLoadBalancer"], arn, ASKED),
        allow(["AddTags"], arn, equals("elasticloadbalancing:CreateAction", "CreateLoadBalancer")),
        allow(["RemoveTags"], arn, keys),
        allow(["DeleteLoadBalancer"], arn, OWN_TOO),
    )
    only = town.account.user(allow(["CreateLoadBalancer"], arn))
    old, about = town.account.client("elb", user), {"LoadBalancerNames": [town.name]}
    given = {"LoadBalancerName": town.name, "Listeners": [LISTENER], "Subnets": town.subnets}

    assert f"CreateLoadBalancer on resource: {arn}" in town.account.refusal(
        "elb", "create_load_balancer", user, **given
    )
    told = town.account.refusal("elb", "create_load_balancer", only, **given, Tags=[OWNED])
    assert f"AddTags on resource: {arn}" in told
    old.create_load_balancer(**given, Tags=[OWNED])
    assert "AddTags" in town.account.refusal("elb", "add_tags", user, **about, Tags=[OWNED])
    old.remove_tags(**about, Tags=[{"Key": "old"}])
    assert "RemoveTags" in town.account.refusal("elb", "remove_tags", user, **about, Tags=[{"Key": OWNED["Key"]}])
    other = {"LoadBalancerName": town.account.name()}
    assert "DeleteLoadBalancer" in town.account.refusal("elb", "delete_load_balancer", user, **other)
    old.delete_load_balancer(LoadBalancerName=town.name)
