"""Buckets, where they differ from other resources."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.providers.refusals import ProviderFault

if TYPE_CHECKING:
    from conftest import Driver, Landscape

BUCKET = "aws:s3/bucket:Bucket"
ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


def rules(algorithm: str, **more: Any) -> list[dict[str, Any]]:
    return [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm, **more}}]


def fill(s3: Any, bucket: str) -> None:
    """Leave two versions of an object, and a mark that another one was deleted."""
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for key, body in (("kept", b"1"), ("kept", b"2"), ("gone", b"3")):
        s3.put_object(Bucket=bucket, Key=key, Body=body)
    s3.delete_object(Bucket=bucket, Key="gone")


def test_a_bucket_that_may_be_destroyed_goes_with_every_version_in_it(
    driver: Driver, client: Callable[[str], Any]
) -> None:
    state = driver.create(BUCKET, {"bucket": "full", "forceDestroy": True})
    fill(client("s3"), "full")

    driver.delete(BUCKET, state)

    assert driver.read(BUCKET, "full", state, {}) is None


def test_a_bucket_with_something_in_it_stays_otherwise(driver: Driver, client: Callable[[str], Any]) -> None:
    state = driver.create(BUCKET, {"bucket": "precious"})
    fill(client("s3"), "precious")

    with pytest.raises(ProviderFault, match="BucketNotEmpty"):
        driver.delete(BUCKET, state)

    driver.delete(BUCKET, {**state, "forceDestroy": True})


def test_a_bucket_is_told_by_its_name_alone(driver: Driver) -> None:
    state = driver.create(BUCKET, {"bucket": "told"})

    assert state["arn"] == "arn:aws:s3:::told"
    assert state["bucketRegionalDomainName"] == "told.s3.us-east-2.amazonaws.com"
    assert (state["tags"], state["tagsAll"]) == ({}, {})
    driver.delete(BUCKET, state)


def test_the_first_region_is_not_named_when_a_bucket_is_made(driver: Driver) -> None:
    state = driver.create(BUCKET, {"bucket": "east", "region": "us-east-1"})

    assert state["bucketRegion"] == "us-east-1"
    driver.delete(BUCKET, state)


def test_a_bucket_can_lose_its_last_tag(driver: Driver) -> None:
    inputs: dict[str, Any] = {"bucket": "bare", "tags": {"Name": "bare"}}
    state = driver.create(BUCKET, inputs)

    after = driver.update(BUCKET, state, {"bucket": "bare"})

    assert after["tagsAll"] == {}
    driver.delete(BUCKET, after)


def test_what_the_rehearsal_does_not_serve_is_refused(offline: Driver) -> None:
    assert offline.check(BUCKET, {"bucket": "it", "acl": "private"}) == [
        "acl: found a property that a rehearsal doesn't support; allowed: leaving it out"
    ]


def test_objects_that_cant_be_deleted_are_named(
    driver: Driver, client: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    state = driver.create(BUCKET, {"bucket": "locked", "forceDestroy": True})
    fill(client("s3"), "locked")
    cloud = "seatrial.rehearsal.providers.aws.cloud.Cloud.call"
    errors = [{"Key": "kept", "Code": "AccessDenied", "Message": "locked"}]

    def call(_: object, __: str, operation: str, **___: Any) -> dict[str, Any]:
        version = {"Key": "kept", "VersionId": "1"}
        return {"ListObjectVersions": {"Versions": [version]}, "DeleteObjects": {"Errors": errors}}[operation]

    with monkeypatch.context() as patch:
        patch.setattr(cloud, call)
        with pytest.raises(ProviderFault, match="AccessDenied: kept: locked"):
            driver.delete(BUCKET, state)

    driver.delete(BUCKET, state)


def test_encryption_is_set_changed_and_left_to_its_default(
    driver: Driver, landscape: Landscape, calls: Callable[[], list[str]]
) -> None:
    inputs = {"bucket": landscape.bucket, "rules": rules("AES256")}
    state = driver.create(ENCRYPTION, inputs)
    assert driver.read(ENCRYPTION, state["id"], state, inputs) == (state, inputs)
    assert driver.changes(ENCRYPTION, state, inputs) == {}

    calls()
    keyed = {"bucket": landscape.bucket, "rules": rules("aws:kms", kmsMasterKeyId=landscape.key)}
    assert driver.changes(ENCRYPTION, state, keyed) == {"rules": "UPDATE"}
    after = driver.update(ENCRYPTION, state, keyed)
    assert calls() == ["PutEncryptionConfiguration"]
    assert driver.changes(ENCRYPTION, after, keyed) == {}

    driver.delete(ENCRYPTION, after)
    left = driver.read(ENCRYPTION, after["id"], {}, {})
    assert left
    assert driver.changes(ENCRYPTION, left[0], inputs) == {}


def test_another_bucket_means_other_encryption(offline: Driver) -> None:
    state = {"id": "one", "bucket": "one", "region": "us-east-2", "rules": rules("AES256")}

    answer = offline.diff(ENCRYPTION, state, {"bucket": "two", "rules": rules("AES256")})

    assert answer.replaces == ["bucket"]


def test_a_setting_that_is_to_stay_stays(driver: Driver) -> None:
    bucket = driver.create(BUCKET, {"bucket": "kept-closed"})
    state = driver.create(ACCESS_BLOCK, {"bucket": "kept-closed", "blockPublicAcls": True, "skipDestroy": True})

    driver.delete(ACCESS_BLOCK, state)

    assert driver.read(ACCESS_BLOCK, state["id"], state, {}) is not None
    driver.delete(BUCKET, bucket)


def test_tags_that_cant_be_read_are_not_taken_for_none(driver: Driver, disturb: Callable[..., None]) -> None:
    state = driver.create(BUCKET, {"bucket": "unread", "tags": {"Name": "unread"}})
    disturb({"service": "s3", "operation": "GetBucketTagging", "kind": "deny"})

    with pytest.raises(ProviderFault, match="s3 GetBucketTagging: AccessDenied"):
        driver.read(BUCKET, "unread", state, {})

    disturb()
    driver.delete(BUCKET, state)
