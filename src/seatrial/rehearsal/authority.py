"""Certificate authorities of a rehearsal: each signs a few certificates, then forgets its key."""

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALIDITY = dt.timedelta(days=397)
"""How long certificates are good for: the longest that public clients accept of anybody."""

RENEWAL = dt.timedelta(days=30)
"""How long before the end they are made anew."""

LOOPBACK = ("localhost", "127.0.0.1")
"""Names of a server that listens on the loopback interface."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates while it lives; nobody else ever has its key."""

    name: str
    """Its common name."""

    now: dt.datetime
    """When everything that it signs begins to be good."""

    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def certificate(self) -> bytes:
        """Sign its own certificate, PEM."""
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        builder = (
            self._builder(_subject(self.name), self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(identifier, critical=False)
        )
        return self._signed(builder)

    def server(self, name: str, names: Sequence[str], *, client_too: bool = False) -> Issued:
        """Issue the certificate of a server with these names and addresses, which may be a client at the same time."""
        purposes = [ExtendedKeyUsageOID.SERVER_AUTH, *([ExtendedKeyUsageOID.CLIENT_AUTH] if client_too else [])]
        alternatives = x509.SubjectAlternativeName([_general(name) for name in names])
        return self._issue(_subject(name), x509.ExtendedKeyUsage(purposes), alternatives)

    def client(self, user: str, group: str = "") -> Issued:
        """Issue the certificate of a client; Kubernetes reads it as a user and, where one is given, a group."""
        return self._issue(_subject(user, group), x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]))

    def _issue(self, subject: x509.Name, *extensions: x509.ExtensionType) -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = (
            self._builder(subject, key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
        )
        for extension in (*extensions, identifier):
            builder = builder.add_extension(extension, critical=False)
        return Issued(self._signed(builder), _pem(key))

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        # An hour back: clients on the same machine may round their clocks differently.
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(_subject(self.name))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - dt.timedelta(hours=1))
            .not_valid_after(self.now + VALIDITY)
        )

    def _signed(self, builder: x509.CertificateBuilder) -> bytes:
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def lasts(certificate: bytes, now: dt.datetime) -> bool:
    """Tell whether a certificate, PEM, is good for longer than the time of renewal."""
    return now + RENEWAL < x509.load_pem_x509_certificate(certificate).not_valid_after_utc


def _subject(user: str, group: str = "") -> x509.Name:
    groups = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group)] if group else []
    return x509.Name([*groups, x509.NameAttribute(NameOID.COMMON_NAME, user)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


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


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
