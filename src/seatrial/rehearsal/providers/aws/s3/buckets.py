"""Buckets."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.refusals import Refusal
from seatrial.rehearsal.providers.aws.resource_type import Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters
from seatrial.rehearsal.providers.aws.tags import TagApi, Tags, from_pairs, pairs
from seatrial.rehearsal.providers.refusals import Rejected
from seatrial.rehearsal.providers.values import Values

_FIRST_REGION = "us-east-1"
"""Where buckets are made by default: S3 refuses to be told."""

_REQUEST = Request(
    service="s3",
    operation="CreateBucket",
    # AWS has set these by calls of their own since 2022; the provider still declares them.
    members={"acl": None, "bucketNamespace": None},
)


def _create(cloud: Cloud, inputs: Values) -> str:
    elsewhere = cloud.region != _FIRST_REGION
    place = {"CreateBucketConfiguration": {"LocationConstraint": cloud.region}} if elsewhere else {}
    cloud.call("s3", "CreateBucket", **parameters(_REQUEST, inputs), **place)
    if tags := cloud.tags(inputs):
        _tag(cloud, inputs["bucket"], tags)
    return inputs["bucket"]


def _read(cloud: Cloud, identity: str, _: Values) -> Values:
    found = cloud.call("s3", "GetBucketLocation", Bucket=identity)["LocationConstraint"] or _FIRST_REGION
    return {
        "arn": f"arn:{cloud.partition}:s3:::{identity}",
        "bucket": identity,
        "bucketDomainName": f"{identity}.s3.amazonaws.com",
        "bucketRegion": found,
        "bucketRegionalDomainName": f"{identity}.s3.{found}.amazonaws.com",
        "tagsAll": _tags(cloud, identity),
    }


def _tags(cloud: Cloud, identity: str) -> Tags:
    try:
        return from_pairs(cloud.call("s3", "GetBucketTagging", Bucket=identity)["TagSet"])
    except Refusal as refusal:
        if refusal.code == "NoSuchTagSet":
            return {}
        raise


def _tag(cloud: Cloud, identity: str, tags: Mapping[str, str]) -> None:
    """Put all of the tags: S3 knows no other way."""
    _put_tags(cloud, identity, {**_tags(cloud, identity), **tags})


def _untag(cloud: Cloud, identity: str, keys: list[str]) -> None:
    _put_tags(cloud, identity, {key: value for key, value in _tags(cloud, identity).items() if key not in keys})


def _put_tags(cloud: Cloud, identity: str, tags: Tags) -> None:
    if tags:
        cloud.call("s3", "PutBucketTagging", Bucket=identity, Tagging={"TagSet": pairs(tags)})
    else:
        cloud.call("s3", "DeleteBucketTagging", Bucket=identity)


def _delete(cloud: Cloud, identity: str, state: Values) -> None:
    if state.get("forceDestroy"):
        _empty(cloud, identity)
    cloud.call("s3", "DeleteBucket", Bucket=identity)


def _empty(cloud: Cloud, identity: str) -> None:
    """Delete every version of every object, a page of at most 1,000 at a time."""
    while versions := _versions(cloud, identity):
        answer = cloud.call("s3", "DeleteObjects", Bucket=identity, Delete={"Objects": versions, "Quiet": True})
        for error in answer.get("Errors", ()):
            raise Rejected(f"s3 DeleteObjects: {error.get('Code')}: {error.get('Key')}: {error.get('Message')}")


def _versions(cloud: Cloud, identity: str) -> list[dict[str, Any]]:
    page = cloud.call("s3", "ListObjectVersions", Bucket=identity)
    found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
    return [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]


_BUCKET = ResourceType(
    type_name="aws:s3/bucket:Bucket",
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=_delete,
    traits=Traits(
        replaces=frozenset({"bucket", "bucketPrefix"}),
        computed=frozenset({"bucket", "bucketPrefix"}),
        unread=frozenset({"bucketPrefix", "forceDestroy"}),
        fixed_names=("bucket",),
        generated_name="bucket",
    ),
    tags=TagApi(tag=_tag, untag=_untag, target="bucket"),
)

TYPES = (_BUCKET,)
