"""What a control plane is made of, and the folder that it lives in."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The executables of a control plane; those of Kubernetes are of one minor version."""

    etcd: Path
    """Keeps the objects."""

    kube_apiserver: Path
    """Serves the Kubernetes API."""

    kube_controller_manager: Path
    """Runs the controllers: deployments, namespaces, garbage collection, ..."""

    kube_scheduler: Path
    """Places pods on nodes."""

    kwok: Path
    """Stands in for the kubelets: says that nodes are ready and that pods run."""

    version: str
    """Kubernetes version of the executables: ``1.36.2``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What one cluster's control plane is like."""

    name: str
    """The cluster's name, for kubeconfigs and messages."""

    folder: Path
    """Private to this control plane; what is there already goes on."""

    issuer: str
    """Issuer of service account tokens, the URL that EKS calls the cluster's OIDC issuer."""

    signing_key: str
    """Private key that signs service account tokens, PEM."""

    service_cidr: str
    """Addresses of Services: ``172.20.0.0/16``."""

    token_webhook: str
    """URL that reviews the bearer tokens that aren't service accounts'."""

    webhook_authority: bytes
    """Who the webhook's server certificate is verified against, PEM."""

    pod_cidr: str = "100.64.0.0/16"
    """Addresses of pods on nodes that have no range of their own."""

    @property
    def service_address(self) -> str:
        """Give the address of the Service ``kubernetes``: the first of the range."""
        return str(next(ipaddress.ip_network(self.service_cidr).hosts()))


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a control plane keeps what it has."""

    root: Path
    """Everything below is readable by its owner only."""

    @property
    def data(self) -> Path:
        """Give etcd's data: the objects of the cluster."""
        return self.root / "etcd"

    @property
    def certificates(self) -> Path:
        """Give the folder of certificates and keys."""
        return self.root / "certificates"

    @property
    def settings(self) -> Path:
        """Give the folder of kubeconfigs and other files that the processes read."""
        return self.root / "settings"

    @property
    def logs(self) -> Path:
        """Give the folder of logs, one file a process."""
        return self.root / "logs"

    @property
    def processes(self) -> Path:
        """Give the folder of records of running processes."""
        return self.root / "processes"

    def certificate(self, name: str) -> Path:
        """Say where a certificate is."""
        return self.certificates / f"{name}.pem"

    def key(self, name: str) -> Path:
        """Say where the private key of a certificate is."""
        return self.certificates / f"{name}-key.pem"

    def kubeconfig(self, name: str) -> Path:
        """Say where the kubeconfig of a client is."""
        return self.settings / f"{name}.kubeconfig"
