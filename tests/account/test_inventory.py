"""What is left in an account, asked by its own lists."""

from typing import Any

import pytest

from seatrial.rehearsal.account.inventory import LISTINGS, leftovers

ELSEWHERE = "eu-west-1"
"""A region in which no other test makes anything; users, roles and buckets are in all regions."""

GLOBAL = {"iam list_roles", "iam list_users", "iam list_policies", "iam list_open_id_connect_providers"} | {
    "iam list_groups",
    "s3 list_buckets",
}


def left(account: Any) -> dict[str, list[str]]:
    found = leftovers(lambda service: account.client(service, region=ELSEWHERE))
    return {call: names for call, names in found.items() if call not in GLOBAL}


def test_a_new_account_is_empty(account: Any) -> None:
    assert left(account) == {}


def test_every_resource_of_a_network_is_found_and_what_is_deleted_is_not(account: Any) -> None:
    ec2, kms = account.client("ec2", region=ELSEWHERE), account.client("kms", region=ELSEWHERE)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone=f"{ELSEWHERE}a")["Subnet"][
        "SubnetId"
    ]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/mine", TargetKeyId=key)

    found = left(account)

    assert found["ec2 describe_vpcs"] == [vpc]
    assert found["ec2 describe_nat_gateways"] == [nat]
    assert found["ec2 describe_addresses"] == [address]
    assert found["kms list_keys"] == [key]
    assert found["kms list_aliases"] == ["alias/mine"]
    ec2.delete_nat_gateway(NatGatewayId=nat)
    account.wait()
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)
    kms.delete_alias(AliasName="alias/mine")
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert left(account) == {}


def test_what_has_tags_is_told_once(account: Any) -> None:
    ec2 = account.client("ec2", region=ELSEWHERE)
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}])
    name = vpc["Vpc"]["VpcId"]

    found = left(account)

    assert found["ec2 describe_vpcs"] == [name]
    assert "ec2 describe_tags" not in found
    ec2.delete_vpc(VpcId=name)


def test_clusters_are_found_by_name(account: Any, cluster: Any) -> None:
    assert cluster.name in leftovers(account.client)["eks list_clusters"]


def test_roles_of_aws_itself_do_not_count(account: Any) -> None:
    iam, name = account.client("iam"), account.name("role")
    made = iam.create_role(RoleName=name, Path="/aws-service-role/x/", AssumeRolePolicyDocument='{"Statement":[]}')

    assert made["Role"]["Arn"] not in leftovers(account.client).get("iam list_roles", [])


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: f"{listing.service} {listing.operation}")
def test_a_listing_reads_the_answer_as_the_api_has_it(account: Any, listing: Any) -> None:
    client = account.client(listing.service)
    operation = client.meta.method_to_api_mapping[listing.operation]
    answer = client.meta.service_model.operation_model(operation).output_shape.members[listing.answer]

    assert answer.type_name == "list"
    assert not listing.identity or listing.identity in answer.member.members
