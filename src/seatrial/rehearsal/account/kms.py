"""KMS: what MiniStack lets pass that AWS refuses."""

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.authorization.keys import key_arn
from seatrial.rehearsal.account.calls import Call, document_of
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.iam import policies
from seatrial.rehearsal.account.refusal import RefusedError

_ALIVE = frozenset(
    {
        "CreateAlias",
        "CreateGrant",
        "DisableKeyRotation",
        "EnableKeyRotation",
        "Encrypt",
        "GenerateDataKey",
        "ScheduleKeyDeletion",
        "TagResource",
        "UntagResource",
        "UpdateKeyDescription",
    }
)
"""Operations that a key which is about to be deleted refuses (KMS developer guide, "Key states")."""

_LOCKED_OUT = "MalformedPolicyDocumentException"


def answer(call: Call) -> Reply | None:
    """Refuse; MiniStack answers the rest."""
    document = document_of(call.request.body)
    if call.operation in {"CreateKey", "PutKeyPolicy"} and "Policy" in document:
        policies.check_resource_policy(document["Policy"], _LOCKED_OUT)
    named = document.get("KeyId") or document.get("TargetKeyId") or ""
    if call.operation in _ALIVE and (find(named) or {}).get("KeyState") == "PendingDeletion":
        raise RefusedError("KMSInvalidStateException", f"{key_arn(named)} is pending deletion.")
    return None


def find(named: str) -> Record | None:
    """Look a key up by id, ARN or alias."""
    return emulator.store("kms", "_keys").get(key_arn(named).rpartition("/")[2])
