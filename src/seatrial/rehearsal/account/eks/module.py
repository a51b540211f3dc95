"""Takes the place of MiniStack's own EKS among its services."""

import importlib
import json
from types import ModuleType

from seatrial.rehearsal.account.eks import mirror, oidc, operations, protocol
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.refusal import RefusedError

_JSON = "application/json"


class EksModule(ModuleType):
    """What MiniStack expects of a service's module."""

    def __init__(self, service: Service) -> None:
        super().__init__("seatrial_eks")
        self.service = service
        self._own = importlib.import_module("ministack.services.eks")

    async def handle_request(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Reply:
        """Answer a request that IAM has allowed."""
        del headers
        reply = self._answered(method, path, query, body)
        mirror.reflect(self.service.state, self._own)
        return reply

    def _answered(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Reply:
        document = oidc.document(self.service.state, self.service.issuer, path)
        if document:
            return _reply(200, document)
        try:
            return _reply(200, self._call(method, path, query, body))
        except RefusedError as refused:
            status, headers, content = _reply(refused.status, {"__type": refused.code, "message": str(refused)})
            return status, {**headers, "x-amzn-errortype": refused.code}, content

    def _call(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Record:
        name, parameters = protocol.parse(method, path, query, body)
        operation = operations.OPERATIONS.get(name)
        if operation is None:
            raise RefusedError("InvalidRequestException", f"{name} is not emulated")
        return operation(self.service, parameters)

    def settle(self) -> bool:
        """Let happen what has become due; say whether anything may have changed."""
        return operations.settle(self.service)

    def get_state(self) -> Record:
        """Everything, to be written down."""
        return self.service.state.document()

    def load_persisted_state(self, document: Record) -> None:
        """Take over what was written down."""
        self.service.state.restore(document)
        mirror.reflect(self.service.state, self._own)

    def reset(self) -> None:
        """Forget everything."""
        self.load_persisted_state({})


def _reply(status: int, document: Record) -> Reply:
    return status, {"Content-Type": _JSON}, json.dumps(document).encode()
