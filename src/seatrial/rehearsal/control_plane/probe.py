"""Asks whether the processes of a control plane do what the next ones need."""

import socket
import ssl
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection

from seatrial.rehearsal.control_plane import certificates
from seatrial.rehearsal.control_plane.blueprint import Folder
from seatrial.rehearsal.control_plane.ports import HOST, Ports

_PATIENCE = 5.0
"""Seconds that an answer may take."""

_FIRST_WORK = (
    "/api/v1/namespaces/default/serviceaccounts/default",
    "/api/v1/namespaces/default/configmaps/kube-root-ca.crt",
    "/api/v1/namespaces/kube-system/serviceaccounts/default",
)
"""What the controllers make first; without it no pod can be."""


class Probe:
    """Asks as EKS's own components do."""

    def __init__(self, folder: Folder, ports: Ports) -> None:
        """Read the certificates."""
        authority, client = folder.certificate(certificates.AUTHORITY), folder.certificate(certificates.ADMIN)
        self._ports = ports
        self._context = ssl.create_default_context(cafile=authority)
        self._context.load_cert_chain(client, folder.key(certificates.ADMIN))

    def stores(self) -> bool:
        """Tell whether etcd listens."""
        try:
            with socket.create_connection((HOST, self._ports.etcd), timeout=_PATIENCE):
                return True
        except OSError:
            return False

    def serves(self) -> bool:
        """Tell whether the API is ready."""
        return self._answers(self._ports.api, "/readyz")

    def works(self) -> bool:
        """Tell whether scheduler and controllers do their work."""
        return (
            self._answers(self._ports.controller_manager, "/healthz")
            and self._answers(self._ports.scheduler, "/readyz")
            and all(self._answers(self._ports.api, path) for path in _FIRST_WORK)
        )

    def _answers(self, port: int, path: str) -> bool:
        connection = HTTPSConnection(HOST, port, timeout=_PATIENCE, context=self._context)
        with closing(connection):
            try:
                connection.request("GET", path)
                return connection.getresponse().status == HTTPStatus.OK
            except (OSError, HTTPException):  # nobody listens yet, or not for long
                return False
