"""KMS: keys by whatever they are named with, and aliases, which are judged twice."""

from collections.abc import Iterator

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.authorization.checks import Check, Context, arn, carried, pairs, requested
from seatrial.rehearsal.account.calls import Call, document_of
from seatrial.rehearsal.account.emulator import Record


def checks(call: Call) -> Iterator[Check]:
    """Give every question that a call to KMS raises."""
    action, document = f"kms:{call.operation}", document_of(call.request.body)
    tags = requested(pairs(document.get("Tags")), document.get("TagKeys", []))
    if call.operation == "CreateKey":
        yield Check(action, context=tags)
        if tags:
            yield Check("kms:TagResource", arn("kms", "key/*"), tags)
    elif "AliasName" in document:
        yield Check(action, arn("kms", document["AliasName"]))
        yield from _of_key(action, document.get("TargetKeyId") or _behind(document["AliasName"]), tags)
    elif "KeyId" in document:
        yield from _of_key(action, document["KeyId"], tags)
    else:
        yield Check(action)


def _of_key(action: str, named: str, tags: Context) -> Iterator[Check]:
    resource = key_arn(named)
    yield Check(action, resource, {**key_context(resource), **tags})


def key_arn(named: str) -> str:
    """Give the ARN of a key that is named by id, ARN or alias."""
    alias = named.rpartition(":")[2] if ":alias/" in named else named
    target = _behind(alias) if alias.startswith("alias/") else named
    return target if target.startswith("arn:") else arn("kms", f"key/{target}")


def _behind(alias: str) -> str:
    aliases: dict[str, str] = emulator.member(emulator.service("kms"), "_aliases")
    return aliases.get(arn("kms", alias), alias)


def key_context(resource: str) -> Context:
    """Give the tags of a key, as conditions ask for them."""
    record: Record = emulator.store("kms", "_keys").get(resource.rpartition("/")[2], {})
    return carried(pairs(record.get("Tags", [])))
