"""The AWS account of a rehearsal: emulated, durable, with IAM enforced.

MiniStack answers the AWS API; this package serves it over TLS on the loopback interface, keeps
every acknowledged change across ``kill -9``, injects faults, records calls, and supplies what
MiniStack lacks and the platform needs (``gaps.GAPS``), Amazon EKS first of all.

``client`` is what the rest of the rehearsal uses; ``python -m seatrial.rehearsal.account`` is
the server.
"""
