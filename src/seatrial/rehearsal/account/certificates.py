"""The account's own certificate authority, and the server certificate that it issues.

The authority's key is forgotten once it has signed: nobody can issue a second certificate that
a client of this account would trust. Both certificates are renewed together, a month before
they expire.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from seatrial.rehearsal.account import files
from seatrial.rehearsal.authority import LOOPBACK, Authority, lasts


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where the certificates of an account are."""

    authority: Path
    """What clients verify against: ``AWS_CA_BUNDLE``."""
    certificate: Path
    """What the server presents."""
    key: Path
    """The server's private key."""


def ensure(folder: Path, now: dt.datetime) -> Certificates:
    """Reuse the certificates in ``folder``, or make them when they are missing or about to expire."""
    certificates = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server-key.pem")
    if not _usable(certificates, now):
        _issue(certificates, now)
    return certificates


def _usable(certificates: Certificates, now: dt.datetime) -> bool:
    if not all(path.exists() for path in (certificates.authority, certificates.certificate, certificates.key)):
        return False
    return lasts(certificates.certificate.read_bytes(), now)


def _issue(certificates: Certificates, now: dt.datetime) -> None:
    certificates.authority.unlink(missing_ok=True)
    authority = Authority("seatrial rehearsal CA", now)
    server = authority.server("localhost", LOOPBACK)
    files.write(certificates.key, server.key)
    files.write(certificates.certificate, server.certificate)
    files.write(certificates.authority, authority.certificate())
