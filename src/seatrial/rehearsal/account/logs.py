"""CloudWatch Logs: encryption of log groups, and what MiniStack lets pass that AWS refuses."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from seatrial.rehearsal.account import emulator, kms
from seatrial.rehearsal.account.calls import Call, document_of
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.refusal import RefusedError

_CONTEXT = "kms:encryptioncontext:aws:logs:arn"


def answer(call: Call) -> Reply | None:
    """Refuse, or answer what is answered here; nothing when MiniStack answers."""
    document = document_of(call.request.body)
    if document.get("kmsKeyId"):
        _check_key(document["kmsKeyId"], document.get("logGroupName", ""))
    own = _OWN.get(call.operation)
    return (200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(own(document)).encode()) if own else None


def _check_key(given: str, name: str) -> None:
    """Refuse a key that isn't there, or whose policy keeps the service from this log group."""
    group = f"arn:aws:logs:{emulator.region()}:{emulator.account()}:log-group:{name}"
    record = kms.find(given) if given.startswith("arn:") else None
    if record is None or record["KeyState"] != "Enabled" or not _admits(record, group):
        text = f"The specified KMS key does not exist or is not allowed to be used with Arn '{group}'"
        raise RefusedError("InvalidParameterException", text)


def _admits(key: Record, group: str) -> bool:
    service = f"logs.{emulator.region()}.amazonaws.com"
    document = cast(Record, json.loads(key["Policy"]))
    return any(_allows(statement, service, group) for statement in document["Statement"])


def _allows(statement: Record, service: str, group: str) -> bool:
    evaluator = emulator.core("iam_evaluator")
    named: Any = statement.get("Principal", {})
    context = evaluator.EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account="",
        action="kms:GenerateDataKey",
        resource_arn="*",
        region=emulator.region(),
        service_context={_CONTEXT: group},
    )
    return bool(
        statement.get("Effect") == "Allow"
        and emulator.member(evaluator, "_service_principal_matches")(named, service)
        and _acts(statement)
        and emulator.member(evaluator, "_conditions_met")(statement.get("Condition", {}), context)
    )


def _acts(statement: Record) -> bool:
    given = statement.get("Action", [])
    actions = [given] if isinstance(given, str) else cast("list[str]", given)
    matches = emulator.member(emulator.core("iam_evaluator"), "fnmatch_iam")
    return any(matches("kms:GenerateDataKey", action) for action in actions)


def _group(document: Record) -> Record:
    name = document["logGroupName"]
    record = emulator.store("cloudwatch_logs", "_log_groups").get(name)
    if record is None:
        raise RefusedError("ResourceNotFoundException", f"The specified log group does not exist: {name}")
    return record


def _associate(document: Record) -> Record:
    _group(document)["kmsKeyId"] = document["kmsKeyId"]
    return {}


def _dissociate(document: Record) -> Record:
    _group(document)["kmsKeyId"] = None
    return {}


_OWN: Mapping[str, Callable[[Record], Record]] = {"AssociateKmsKey": _associate, "DisassociateKmsKey": _dissociate}
