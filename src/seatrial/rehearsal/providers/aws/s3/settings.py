"""What is set for a bucket, each setting a resource of its own that has the bucket's id."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.documents import same_policy
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.schema import resource as schema
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Values


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """A setting, which S3 puts, gets and deletes whole."""

    type_name: str
    operation: str
    """What follows Put, Get and Delete in its operations."""
    within: str = ""
    """The member of the operations that holds it."""
    members: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    """Property to member, where the name doesn't say it."""

    @property
    def request(self) -> Request:
        """The call that sets it."""
        return Request(service="s3", operation=f"Put{self.operation}", within=self.within, members=self.members)

    def create(self, cloud: Cloud, inputs: Values) -> str:
        """Set it."""
        cloud.call("s3", f"Put{self.operation}", **parameters(self.request, inputs))
        return inputs["bucket"]

    def read(self, cloud: Cloud, identity: str, _: Values) -> Values:
        """Return what is set."""
        answer = cloud.call("s3", f"Get{self.operation}", Bucket=identity)
        names = {name: member for name, member in self.members.items() if member}
        found = properties(schema(self.type_name).outputs, answer[self.within] if self.within else answer, names)
        return {**found, "bucket": identity}

    def update(self, cloud: Cloud, _: str, __: Values, inputs: Values) -> None:
        """Set it anew."""
        self.create(cloud, inputs)

    def delete(self, cloud: Cloud, identity: str, state: Values) -> None:
        """Leave it to S3's default, unless it shall stay."""
        if not state.get("skipDestroy"):
            cloud.call("s3", f"Delete{self.operation}", Bucket=identity)


def _type(setting: _Setting, *updated: str, traits: Traits) -> ResourceType:
    return ResourceType(
        type_name=setting.type_name,
        request=setting.request,
        create=setting.create,
        read=setting.read,
        delete=setting.delete,
        updates=(Part(properties=updated, update=setting.update),),
        traits=traits,
    )


_OF_BUCKET = frozenset({"bucket"})

TYPES = (
    _type(
        _Setting(type_name="aws:s3/bucketPolicy:BucketPolicy", operation="BucketPolicy"),
        "policy",
        traits=Traits(replaces=_OF_BUCKET, same={"policy": same_policy}, fixed_names=("bucket",)),
    ),
    _type(
        _Setting(
            type_name="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            operation="PublicAccessBlock",
            within="PublicAccessBlockConfiguration",
        ),
        "blockPublicAcls",
        "blockPublicPolicy",
        "ignorePublicAcls",
        "restrictPublicBuckets",
        traits=Traits(replaces=_OF_BUCKET, unread=frozenset({"skipDestroy"}), fixed_names=("bucket",)),
    ),
    _type(
        _Setting(
            type_name="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            operation="BucketOwnershipControls",
            within="OwnershipControls",
            members={"rule": "Rules"},
        ),
        "rule",
        traits=Traits(replaces=_OF_BUCKET, fixed_names=("bucket",)),
    ),
    _type(
        _Setting(
            type_name="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            operation="BucketEncryption",
            within="ServerSideEncryptionConfiguration",
        ),
        "rules",
        traits=Traits(
            replaces=_OF_BUCKET | {"expectedBucketOwner"},
            unread=frozenset({"expectedBucketOwner"}),
            # S3 answers with every setting of a rule, asked for or not.
            computed=frozenset({"rules.bucketKeyEnabled", "rules.blockedEncryptionTypes"}),
            fixed_names=("bucket",),
        ),
    ),
)
