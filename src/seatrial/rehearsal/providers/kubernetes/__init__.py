"""A Pulumi provider named ``kubernetes``: objects of any kind, and Helm releases.

``provider`` speaks Pulumi's protocol; ``objects`` makes, reads, changes and removes objects by server-side apply, as
the published provider does when ``enableServerSideApply`` is on; ``releases`` does so with charts, by Helm itself.
``python -m seatrial.rehearsal.providers.kubernetes`` serves it.
"""
