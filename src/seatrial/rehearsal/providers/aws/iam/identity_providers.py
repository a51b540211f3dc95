"""OpenID Connect providers."""

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.iam.resource import tag_api, told, wanted
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.values import Value, Values

_PROVIDER_REQUEST = Request(
    service="iam",
    operation="CreateOpenIDConnectProvider",
    members={"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"},
)


def _create_provider(cloud: Cloud, inputs: Values) -> str:
    answer = cloud.call("iam", "CreateOpenIDConnectProvider", **wanted(_PROVIDER_REQUEST, cloud, inputs))
    return answer["OpenIDConnectProviderArn"]


def _read_provider(cloud: Cloud, identity: str, _: Values) -> Values:
    provider = cloud.call("iam", "GetOpenIDConnectProvider", OpenIDConnectProviderArn=identity)
    names = {"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"}
    # The API takes the URL with its scheme and tells it without.
    return told(_PROVIDER, provider, names) | {"arn": identity, "url": provider["Url"].removeprefix("https://")}


def _set_clients(cloud: Cloud, identity: str, state: Values, inputs: Values) -> None:
    before, after = set(state.get("clientIdLists", ())), set(inputs["clientIdLists"])
    for operation, clients in (("Add", after - before), ("Remove", before - after)):
        preposition = "To" if operation == "Add" else "From"
        for client in sorted(clients):
            cloud.call(
                "iam",
                f"{operation}ClientID{preposition}OpenIDConnectProvider",
                OpenIDConnectProviderArn=identity,
                ClientID=client,
            )


def _set_thumbprints(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    cloud.call(
        "iam",
        "UpdateOpenIDConnectProviderThumbprint",
        OpenIDConnectProviderArn=identity,
        ThumbprintList=inputs["thumbprintLists"],
    )


def _delete_provider(cloud: Cloud, identity: str, _: Values) -> None:
    cloud.call("iam", "DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=identity)


def _same_url(old: Value, new: Value) -> bool:
    return old.removeprefix("https://") == new.removeprefix("https://")


_PROVIDER = ResourceType(
    type_name="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    request=_PROVIDER_REQUEST,
    create=_create_provider,
    read=_read_provider,
    delete=_delete_provider,
    updates=(
        Part(properties=("clientIdLists",), update=_set_clients),
        Part(properties=("thumbprintLists",), update=_set_thumbprints),
    ),
    traits=Traits(
        replaces=frozenset({"url"}),
        computed=frozenset({"thumbprintLists"}),
        ordered=frozenset({"thumbprintLists"}),
        same={"url": _same_url},
        as_told=frozenset({"url"}),
        fixed_names=("url",),
    ),
    tags=tag_api("OpenIDConnectProvider", "OpenIDConnectProviderArn"),
)

TYPES = (_PROVIDER,)
