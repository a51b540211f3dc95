"""What the platform puts into the cluster, as plain data: pure functions, one module per subject.

Objects are dicts in the spelling of ``kubectl apply``, keys sorted, so that equal objects are equal bytes. What is only
known when AWS has made it (:data:`~seatrial.manifests.manifest.Later`) is passed through as it is.
"""

from seatrial.manifests.manifest import Later, Manifest

__all__ = ["Later", "Manifest"]
