"""IAM's operations that MiniStack lacks, and what it lets pass that AWS refuses."""

from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Call, Params
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.iam import policies
from seatrial.rehearsal.account.refusal import RefusedError

_MALFORMED = "MalformedPolicyDocument"

_MISSING = 404
_CONFLICT = 409


def answer(call: Call) -> Reply | None:
    """Refuse, or answer what is answered here; nothing when MiniStack answers."""
    params = call.request.query
    if call.operation in _GUARDS:
        _GUARDS[call.operation](params)
    own = _OWN.get(call.operation)
    return _reply(call.operation, own(params)) if own else None


def _reply(operation: str, content: str) -> Reply:
    result = f"<{operation}Result>{content}</{operation}Result>" if content else ""
    text = f'<{operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">{result}</{operation}Response>'
    return 200, {"Content-Type": "text/xml"}, text.encode()


def _members(params: Params, name: str) -> list[str]:
    return [params[key][0] for key in params if key.startswith(f"{name}.member.") and key.count(".") == 2]  # noqa: PLR2004


def _tags(params: Params) -> dict[str, str]:
    keys = [key for key in params if key.startswith("Tags.member.") and key.endswith(".Key")]
    return {params[key][0]: params[f"{key.removesuffix('Key')}Value"][0] for key in keys}


def _check_trust(params: Params) -> None:
    document = params.get("AssumeRolePolicyDocument") or params["PolicyDocument"]
    policies.check_resource_policy(document[0], _MALFORMED)


def _check_attached(params: Params) -> None:
    arn = params["PolicyArn"][0]
    if not emulator.member(emulator.service("iam"), "policy_known")(arn):
        raise RefusedError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", _MISSING)


def _check_versions(params: Params) -> None:
    policy = emulator.store("iam", "_policies").get(params["PolicyArn"][0])
    if policy and len(policy["Versions"]) > 1:
        text = (
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions."
        )
        raise RefusedError("DeleteConflict", text, _CONFLICT)


def _check_issuer(params: Params) -> None:
    if not params["Url"][0].startswith("https://"):
        raise RefusedError("ValidationError", "Invalid Open ID Connect Provider URL")


_GUARDS: Mapping[str, Callable[[Params], None]] = {
    "AttachRolePolicy": _check_attached,
    "AttachUserPolicy": _check_attached,
    "CreateOpenIDConnectProvider": _check_issuer,
    "CreateRole": _check_trust,
    "DeletePolicy": _check_versions,
    "UpdateAssumeRolePolicy": _check_trust,
}


def _provider(params: Params) -> Record:
    arn = params["OpenIDConnectProviderArn"][0]
    provider = emulator.store("iam", "_oidc_providers").get(arn)
    if provider is None:
        raise RefusedError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}", _MISSING)
    return provider


def _get(params: Params) -> str:
    provider = _provider(params)
    lists = {name: provider[name] for name in ("ClientIDList", "ThumbprintList")}
    shown = "".join(f"<{name}>{_listed(lists[name])}</{name}>" for name in lists)
    # The address without its scheme: that is how AWS gives it back.
    url = f"<Url>{escape(provider['Url'].removeprefix('https://'))}</Url>"
    return f"{url}{shown}<CreateDate>{provider['CreateDate']}</CreateDate>{_shown_tags(provider)}"


def _listed(values: list[str]) -> str:
    return "".join(f"<member>{escape(value)}</member>" for value in values)


def _shown_tags(provider: Record) -> str:
    pairs = ((escape(tag["Key"]), escape(tag["Value"])) for tag in provider.get("Tags", []))
    members = "".join(f"<member><Key>{key}</Key><Value>{value}</Value></member>" for key, value in pairs)
    return f"<Tags>{members}</Tags>"


def _add_client(params: Params) -> str:
    provider, client = _provider(params), params["ClientID"][0]
    provider["ClientIDList"] = list(dict.fromkeys([*provider["ClientIDList"], client]))
    return ""


def _remove_client(params: Params) -> str:
    provider, client = _provider(params), params["ClientID"][0]
    provider["ClientIDList"] = [known for known in provider["ClientIDList"] if known != client]
    return ""


def _set_thumbprints(params: Params) -> str:
    _provider(params)["ThumbprintList"] = _members(params, "ThumbprintList")
    return ""


def _tag(params: Params) -> str:
    provider = _provider(params)
    tags = {tag["Key"]: tag["Value"] for tag in provider.get("Tags", [])} | _tags(params)
    provider["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return ""


def _untag(params: Params) -> str:
    provider, removed = _provider(params), _members(params, "TagKeys")
    provider["Tags"] = [tag for tag in provider.get("Tags", []) if tag["Key"] not in removed]
    return ""


def _list_tags(params: Params) -> str:
    return f"{_shown_tags(_provider(params))}<IsTruncated>false</IsTruncated>"


_OWN: Mapping[str, Callable[[Params], str]] = {
    "AddClientIDToOpenIDConnectProvider": _add_client,
    "GetOpenIDConnectProvider": _get,
    "ListOpenIDConnectProviderTags": _list_tags,
    "RemoveClientIDFromOpenIDConnectProvider": _remove_client,
    "TagOpenIDConnectProvider": _tag,
    "UntagOpenIDConnectProvider": _untag,
    "UpdateOpenIDConnectProviderThumbprint": _set_thumbprints,
}
