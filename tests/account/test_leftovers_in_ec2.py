"""Volumes, snapshots, interfaces and instances that controllers of a cluster leave in EC2."""

from typing import Any

import pytest

from seatrial.rehearsal.account.inventory import leftovers

OWNED = {"Key": "kubernetes.io/cluster/it", "Value": "owned"}
NOWHERE: dict[str, tuple[str, dict[str, Any], str]] = {
    "volume": ("describe_volumes", {"VolumeIds": ["vol-00000000000000000"]}, "InvalidVolume.NotFound"),
    "volume to delete": ("delete_volume", {"VolumeId": "vol-00000000000000000"}, "InvalidVolume.NotFound"),
    "snapshot": ("describe_snapshots", {"SnapshotIds": ["snap-00000000000000000"]}, "InvalidSnapshot.NotFound"),
    "snapshot to delete": ("delete_snapshot", {"SnapshotId": "snap-00000000000000000"}, "InvalidSnapshot.NotFound"),
    "instance": ("describe_instances", {"InstanceIds": ["i-00000000000000000"]}, "InvalidInstanceID.NotFound"),
    "instance to end": ("terminate_instances", {"InstanceIds": ["i-00000000000000000"]}, "InvalidInstanceID.NotFound"),
    "zone": ("create_volume", {"AvailabilityZone": "us-east-1a", "Size": 1}, "InvalidZone.NotFound"),
    "size": ("create_volume", {"AvailabilityZone": "us-east-2a"}, "MissingParameter"),
    "attachment": (
        "detach_network_interface",
        {"AttachmentId": "eni-attach-00000000000000000"},
        "InvalidAttachmentID.NotFound",
    ),
    "group of a rule": (
        "revoke_security_group_ingress",
        {"SecurityGroupRuleIds": ["sgr-00000000000000000"]},
        "MissingParameter",
    ),
    "network of an instance": (
        "run_instances",
        {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1},
        "VPCIdNotSpecified",
    ),
}


@pytest.mark.parametrize(("operation", "parameters", "code"), NOWHERE.values(), ids=NOWHERE)
def test_what_is_not_there_is_refused(account: Any, operation: str, parameters: dict[str, Any], code: str) -> None:
    assert account.refusal("ec2", operation, **parameters).startswith(f"{code}: ")


def tagged(kind: str, *tags: dict[str, str]) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [*tags]}]


def filters(**wanted: str) -> list[dict[str, Any]]:
    return [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in wanted.items()]


OF_CLUSTER = [{"Name": f"tag:{OWNED['Key']}", "Values": ["owned"]}]


class Disk:
    """A volume, and a snapshot of it, with tags of a cluster."""

    def __init__(self, account: Any) -> None:
        self.account, self.ec2 = account, account.client("ec2")
        tags = {"Key": "run", "Value": account.name()}
        self.own = [{"Name": "tag:run", "Values": [tags["Value"]]}]
        given = {"AvailabilityZone": "us-east-2a", "Size": 4, "VolumeType": "gp3", "Encrypted": True}
        self.volume = self.ec2.create_volume(**given, TagSpecifications=tagged("volume", OWNED, tags))["VolumeId"]
        snapshot = {"VolumeId": self.volume, "TagSpecifications": tagged("snapshot", OWNED, tags)}
        self.snapshot = self.ec2.create_snapshot(**snapshot, Description="of the driver")["SnapshotId"]

    def volumes(self, *wanted: dict[str, Any]) -> list[str]:
        return [it["VolumeId"] for it in self.ec2.describe_volumes(Filters=[*self.own, *wanted])["Volumes"]]

    def snapshots(self, *wanted: dict[str, Any], **parameters: Any) -> list[str]:
        found = self.ec2.describe_snapshots(Filters=[*self.own, *wanted], **parameters)
        return [it["SnapshotId"] for it in found["Snapshots"]]


@pytest.fixture
def disk(account: Any) -> Disk:
    return Disk(account)


def test_volumes_and_snapshots_are_found_by_filters(disk: Disk) -> None:
    wanted = [{"Name": "tag-key", "Values": ["kubernetes.io/cluster/*"]}]

    assert disk.volumes(*wanted, *filters(status="available", encrypted="true", size="4")) == [disk.volume]
    assert disk.volumes(*filters(status="in-use")) == []
    assert disk.snapshots(*OF_CLUSTER, *filters(status="completed", volume_id=disk.volume)) == [disk.snapshot]
    assert disk.snapshots(OwnerIds=["self"]) == disk.snapshots(OwnerIds=["000000000000"]) == [disk.snapshot]
    assert disk.snapshots(OwnerIds=["amazon"]) == []
    with pytest.raises(disk.ec2.exceptions.ClientError, match="The filter 'colour' is invalid"):
        disk.volumes(*filters(colour="red"))


def test_a_volume_of_a_snapshot_has_its_size(disk: Disk) -> None:
    made = disk.ec2.create_volume(AvailabilityZone="us-east-2a", SnapshotId=disk.snapshot)

    assert (made["Size"], made["Encrypted"], made["SnapshotId"]) == (4, True, disk.snapshot)


def test_volumes_and_snapshots_are_deleted_with_their_tags_and_durably(disk: Disk) -> None:
    disk.account.restart()
    assert (disk.volumes(), disk.snapshots()) == ([disk.volume], [disk.snapshot])

    disk.ec2.delete_volume(VolumeId=disk.volume)
    disk.ec2.delete_snapshot(SnapshotId=disk.snapshot)

    disk.account.restart()
    assert (disk.volumes(), disk.snapshots()) == ([], [])
    named = [{"Name": "resource-id", "Values": [disk.volume, disk.snapshot]}]
    assert disk.ec2.describe_tags(Filters=named)["Tags"] == []


def test_volumes_and_snapshots_are_judged_by_their_tags(disk: Disk) -> None:
    condition = {"StringEquals": {f"aws:ResourceTag/{OWNED['Key']}": "owned"}}
    arns = ["arn:aws:ec2:us-east-2:000000000000:volume/*", "arn:aws:ec2:us-east-2::snapshot/*"]
    delete = {"Effect": "Allow", "Action": ["ec2:DeleteVolume", "ec2:DeleteSnapshot"], "Resource": arns}
    user, ec2 = disk.account.user({**delete, "Condition": condition}), disk.ec2
    ec2.create_tags(Resources=[disk.volume, disk.snapshot], Tags=[{**OWNED, "Value": "shared"}])

    for operation, member, resource in (
        ("delete_volume", {"VolumeId": disk.volume}, f"volume/{disk.volume}"),
        ("delete_snapshot", {"SnapshotId": disk.snapshot}, f"us-east-2::snapshot/{disk.snapshot}"),
    ):
        assert resource in disk.account.refusal("ec2", operation, user, **member)
        ec2.create_tags(Resources=[*member.values()], Tags=[OWNED])
        getattr(disk.account.client("ec2", user), operation)(**member)


def test_a_snapshot_is_judged_by_itself_its_volume_and_its_tags(disk: Disk) -> None:
    new, volume = "arn:aws:ec2:us-east-2::snapshot/*", f"arn:aws:ec2:us-east-2:000000000000:volume/{disk.volume}"
    create = {"Effect": "Allow", "Action": "ec2:CreateSnapshot", "Resource": [new]}
    tag = {"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": [new]}
    by_action = {"StringEquals": {"ec2:CreateAction": "CreateSnapshot"}}
    given = {"VolumeId": disk.volume, "TagSpecifications": tagged("snapshot", OWNED)}
    account, both = disk.account, {**create, "Resource": [new, volume]}

    assert f"on resource: {volume}" in account.refusal("ec2", "create_snapshot", account.user(create), **given)
    assert "ec2:CreateTags on resource" in account.refusal("ec2", "create_snapshot", account.user(both), **given)
    user = account.user(both, {**tag, "Condition": by_action})
    assert account.client("ec2", user).create_snapshot(**given)["Tags"] == [OWNED]


class Place:
    """A network with a subnet and a security group."""

    def __init__(self, account: Any) -> None:
        self.account, self.ec2 = account, account.client("ec2")
        self.vpc = account.vpc()
        self.subnet = account.subnets(self.vpc, "a")[0]
        self.group = self.ec2.create_security_group(GroupName="own", Description="own", VpcId=self.vpc)["GroupId"]

    def interface(self, **parameters: Any) -> dict[str, Any]:
        return self.ec2.create_network_interface(**{"SubnetId": self.subnet, **parameters})["NetworkInterface"]

    def interfaces(self, *wanted: dict[str, Any]) -> list[dict[str, Any]]:
        here = filters(vpc_id=self.vpc)
        return self.ec2.describe_network_interfaces(Filters=[*here, *wanted])["NetworkInterfaces"]

    def instance(self, **parameters: Any) -> dict[str, Any]:
        given = {"ImageId": "ami-1", "SubnetId": self.subnet, "MinCount": 1, "MaxCount": 1, **parameters}
        return self.ec2.run_instances(**given)["Instances"][0]

    def found(self, *wanted: dict[str, Any]) -> list[str]:
        reservations = self.ec2.describe_instances(Filters=[*filters(vpc_id=self.vpc), *wanted])["Reservations"]
        return [instance["InstanceId"] for it in reservations for instance in it["Instances"]]


@pytest.fixture
def place(account: Any) -> Place:
    return Place(account)


def test_an_interface_is_made_with_groups_and_tags_and_is_free(place: Place) -> None:
    tags = tagged("network-interface", OWNED, {"Key": "eks:eni:owner", "Value": "amazon-vpc-cni"})
    made = place.interface(Groups=[place.group], Description="aws-K8S-i-1", TagSpecifications=tags)
    default = place.interface()

    place.account.restart()
    found = place.interfaces(
        *filters(status="available", group_id=place.group, subnet_id=place.subnet, description="aws-K8S-*"),
        {"Name": "tag:eks:eni:owner", "Values": ["amazon-vpc-cni"]},
        {"Name": "tag-key", "Values": [OWNED["Key"]]},
    )

    assert [it["NetworkInterfaceId"] for it in found] == [made["NetworkInterfaceId"]]
    assert found[0] == made
    assert (made["Status"], made["RequesterManaged"], "Attachment" in made) == ("available", False, False)
    assert made["PrivateIpAddress"].startswith("10.0.0.")
    assert [it["GroupName"] for it in default["Groups"]] == ["default"]
    told = place.account.refusal("ec2", "delete_security_group", GroupId=place.group)
    assert told.startswith("DependencyViolation")
    other = Place(place.account)
    mixed = {"SubnetId": place.subnet, "Groups": [other.group]}
    assert "different networks" in place.account.refusal("ec2", "create_network_interface", **mixed)


def test_an_interface_is_judged_by_its_tags(place: Place) -> None:
    number = place.interface()["NetworkInterfaceId"]
    arn = "arn:aws:ec2:us-east-2:000000000000:network-interface/*"
    condition = {"StringEquals": {"ec2:ResourceTag/eks:eni:owner": "amazon-vpc-cni"}}
    statement = {"Effect": "Allow", "Action": "ec2:DeleteNetworkInterface", "Resource": arn, "Condition": condition}
    user = place.account.user(statement)

    told = place.account.refusal("ec2", "delete_network_interface", user, NetworkInterfaceId=number)
    place.ec2.create_tags(Resources=[number], Tags=[{"Key": "eks:eni:owner", "Value": "amazon-vpc-cni"}])
    place.account.client("ec2", user).delete_network_interface(NetworkInterfaceId=number)

    assert "ec2:DeleteNetworkInterface" in told
    assert place.interfaces() == []


def test_an_interface_of_a_service_is_not_detached_by_others(place: Place) -> None:
    nat = place.ec2.create_nat_gateway(SubnetId=place.subnet, ConnectivityType="private")["NatGateway"]
    found = place.interfaces(*filters(requester_managed="true"))
    attachment = found[0]["Attachment"]

    told = place.account.refusal("ec2", "detach_network_interface", AttachmentId=attachment["AttachmentId"])

    assert nat["NatGatewayAddresses"][0]["NetworkInterfaceId"] == found[0]["NetworkInterfaceId"]
    assert attachment["InstanceOwnerId"] == "amazon-aws"
    assert told == "OperationNotPermitted: You are not allowed to manage 'ela-attach' attachments."


def test_an_instance_holds_its_subnet_and_leaves_what_was_not_its_own(place: Place) -> None:
    instance = place.instance(SecurityGroupIds=[place.group])
    number, zone = instance["InstanceId"], instance["Placement"]["AvailabilityZone"]
    volume = place.ec2.create_volume(AvailabilityZone=zone, Size=1)["VolumeId"]
    place.ec2.attach_volume(VolumeId=volume, InstanceId=number, Device="/dev/xvdb")
    attached = place.interfaces({"Name": "attachment.instance-id", "Values": [number]})

    assert [it["PrivateIpAddress"] for it in attached] == [instance["PrivateIpAddress"]]
    assert not instance["PublicIpAddress"]
    assert "InUse" in place.account.refusal("ec2", "delete_volume", VolumeId=volume)
    assert "DependencyViolation" in place.account.refusal("ec2", "delete_security_group", GroupId=place.group)
    place.ec2.terminate_instances(InstanceIds=[number])

    assert place.interfaces() == []
    held = [{"Name": "attachment.instance-id", "Values": [number]}]
    assert place.ec2.describe_volumes(Filters=held)["Volumes"] == []
    assert place.ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"] == "available"
    place.ec2.delete_volume(VolumeId=volume)
    place.ec2.delete_subnet(SubnetId=place.subnet)


def test_an_interface_of_ones_own_is_attached_and_detached(place: Place) -> None:
    number, machine = place.interface()["NetworkInterfaceId"], place.instance()["InstanceId"]
    about = {"NetworkInterfaceId": number}

    made = place.ec2.attach_network_interface(**about, InstanceId=machine, DeviceIndex=1)["AttachmentId"]
    attached = place.interfaces({"Name": "attachment.attachment-id", "Values": [made]})[0]
    told = place.account.refusal("ec2", "delete_network_interface", **about)
    place.ec2.detach_network_interface(AttachmentId=made)
    place.ec2.delete_network_interface(**about)

    assert (attached["Status"], attached["Attachment"]["DeviceIndex"]) == ("in-use", 1)
    assert told == f"InvalidParameterValue: Network interface '{number}' is currently in use."


def test_an_instance_is_left_over_until_it_ends(place: Place) -> None:
    number = place.instance()["InstanceId"]
    reservation = f"r-{number.removeprefix('i-')}"
    listing = "ec2 describe_instances"

    assert reservation in leftovers(place.account.client)[listing]
    place.ec2.terminate_instances(InstanceIds=[number])
    assert reservation not in leftovers(place.account.client).get(listing, [])


def test_an_instance_in_a_public_subnet_has_a_public_address(place: Place) -> None:
    gateway = place.account.open(place.vpc)
    place.ec2.modify_subnet_attribute(SubnetId=place.subnet, MapPublicIpOnLaunch={"Value": True})
    instance = place.instance()

    told = place.account.refusal("ec2", "detach_internet_gateway", InternetGatewayId=gateway, VpcId=place.vpc)

    assert place.interfaces()[0]["Association"]["PublicIp"] == instance["PublicIpAddress"]
    assert "has some mapped public address(es)" in told


def test_instances_are_found_and_ended_by_their_tags(place: Place) -> None:
    own = place.instance(TagSpecifications=tagged("instance", OWNED))["InstanceId"]
    other = place.instance()["InstanceId"]
    condition = {"StringEquals": {f"aws:ResourceTag/{OWNED['Key']}": "owned"}}
    arn = "arn:aws:ec2:us-east-2:000000000000:instance/*"
    user = place.account.user(
        {"Effect": "Allow", "Action": "ec2:TerminateInstances", "Resource": arn, "Condition": condition}
    )

    assert place.found(*OF_CLUSTER, *filters(instance_state_name="running")) == [own]
    assert place.found({"Name": "tag-key", "Values": ["kubernetes.io/*"]}) == [own]
    told = place.account.refusal("ec2", "terminate_instances", user, InstanceIds=[other])
    place.account.client("ec2", user).terminate_instances(InstanceIds=[own])

    assert f"ec2:TerminateInstances on resource: arn:aws:ec2:us-east-2:000000000000:instance/{other}" in told
    assert place.found(*filters(instance_state_name="running")) == [other]


RULE = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_rules_are_revoked_by_their_ids_with_permission_for_the_group_alone(place: Place, direction: str) -> None:
    add = getattr(place.ec2, f"authorize_security_group_{direction}")
    revoke, action = f"revoke_security_group_{direction}", f"ec2:RevokeSecurityGroup{direction.title()}"
    rule = add(GroupId=place.group, IpPermissions=[RULE])["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    arn = f"arn:aws:ec2:us-east-2:000000000000:security-group/{place.group}"
    user = place.account.user({"Effect": "Allow", "Action": action, "Resource": arn})

    answer = getattr(place.account.client("ec2", user), revoke)(GroupId=place.group, SecurityGroupRuleIds=[rule])

    assert answer["RevokedSecurityGroupRules"][0]["SecurityGroupRuleId"] == rule
    told = place.account.refusal("ec2", revoke, GroupId=place.group, SecurityGroupRuleIds=[rule])
    assert told.startswith("InvalidSecurityGroupRuleId.NotFound")
    add(GroupId=place.group, IpPermissions=[RULE])
    getattr(place.ec2, revoke)(GroupId=place.group, IpPermissions=[RULE])
