"""Gets a bearer token from a command, as kubectl does, and keeps it until it expires."""

import json
import os
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from seatrial.rehearsal.kubernetes_api.kubeconfig import ExecCommand
from seatrial.rehearsal.kubernetes_api.refusals import CredentialsFault

_SECONDS = 60.0
"""How long the command may take; ``aws eks get-token`` takes about one."""

_MARGIN = timedelta(seconds=30)
"""A token is renewed that long before it expires: a request with it has yet to arrive."""

_SHOWN = 500
"""How many characters of what the command complained about are told."""


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """A bearer token; is a secret, so it doesn't print."""

    text: str
    expires: datetime | None
    """None: never."""

    def is_fresh(self) -> bool:
        """Whether the token can still be used."""
        return self.expires is None or datetime.now(UTC) + _MARGIN < self.expires


class ExecCredentials:
    """The tokens of one command; safe to use from several threads, of which one at a time runs it."""

    def __init__(self, command: ExecCommand, environment: Mapping[str, str] | None = None) -> None:
        """Run the command in ``environment``, that of this process unless given."""
        self._command = command
        self._environment = environment
        self._lock = threading.Lock()
        self._token: Token | None = None

    def token(self) -> str:
        """Return a token that can be used now."""
        with self._lock:
            if self._token is None or not self._token.is_fresh():
                self._token = self._fetched()
            return self._token.text

    def discard(self, token: str) -> None:
        """Don't use this token again: the API server refused it."""
        with self._lock:
            if self._token and self._token.text == token:
                self._token = None

    def _fetched(self) -> Token:
        name = self._command.command
        try:
            ended = subprocess.run(  # noqa: S603 (the kubeconfig's own command, without a shell)
                [name, *self._command.arguments],
                env=self._variables(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError:
            raise CredentialsFault(
                f"credentials: no command {name}", tip=f"install {name}, or put it on PATH"
            ) from None
        except OSError as error:
            raise CredentialsFault(f"credentials: {name} can't be run: {error.strerror}") from None
        except subprocess.TimeoutExpired:
            raise CredentialsFault(f"credentials: {name} gave none within {_SECONDS:.0f} s") from None
        if ended.returncode:
            raise CredentialsFault(f"credentials: {name} failed: {ended.stderr.strip()[-_SHOWN:]}")
        return _token(name, ended.stdout)

    def _variables(self) -> dict[str, str]:
        asked = {"apiVersion": self._command.api_version, "kind": "ExecCredential", "spec": {"interactive": False}}
        inherited = os.environ if self._environment is None else self._environment
        return {**inherited, **dict(self._command.variables), "KUBERNETES_EXEC_INFO": json.dumps(asked)}


def _token(name: str, output: str) -> Token:
    """Read an ExecCredential."""
    try:
        status = cast("dict[str, Any]", json.loads(output)["status"])
        expires = status.get("expirationTimestamp")
        return Token(status["token"], datetime.fromisoformat(expires) if expires else None)
    except (ValueError, TypeError, KeyError):  # what it gave may have a secret in it, so it isn't told
        raise CredentialsFault(f"credentials: {name} gave no ExecCredential with a token") from None
