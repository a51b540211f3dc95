"""The account's own certificate authority, and the server certificate that it issues.

The authority's key is forgotten once it has signed: nobody can issue a second certificate that
a client of this account would trust. Both certificates are renewed together, a month before
they expire.
"""

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from seatrial.rehearsal.account import files

VALIDITY = dt.timedelta(days=397)
"""How long both certificates are good for: the longest that public clients accept of anybody."""

RENEWAL = dt.timedelta(days=30)
"""How long before the end they are made anew."""


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
    certificate = x509.load_pem_x509_certificate(certificates.certificate.read_bytes())
    return now + RENEWAL < certificate.not_valid_after_utc


def _issue(certificates: Certificates, now: dt.datetime) -> None:
    certificates.authority.unlink(missing_ok=True)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key, now)
    certificate = _server(key, authority, authority_key, now)
    files.write(certificates.key, _pem(key))
    files.write(certificates.certificate, certificate.public_bytes(serialization.Encoding.PEM))
    files.write(certificates.authority, authority.public_bytes(serialization.Encoding.PEM))


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _authority(key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> x509.Certificate:
    name = _name("seatrial rehearsal CA")
    return (
        _builder(name, name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    key: ec.EllipticCurvePrivateKey, issuer: x509.Certificate, signer: ec.EllipticCurvePrivateKey, now: dt.datetime
) -> x509.Certificate:
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        _builder(_name("localhost"), issuer.subject, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: dt.datetime
) -> x509.CertificateBuilder:
    # An hour back: clients on the same machine may round their clocks differently.
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + VALIDITY)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
