"""A Pulumi provider named ``kubernetes``: objects of any kind, and Helm releases.

``provider`` speaks Pulumi's protocol; ``objects`` makes, reads, changes and removes objects by server-side apply, as
the published provider does when ``enableServerSideApply`` is on; ``releases`` does so with charts, by Helm itself.
``python -m seatrial.rehearsal.providers.kubernetes`` serves it.

It differs from the published provider where a rehearsal is better off, or needs less:

- an object that the API server would refuse to change in place is made anew, whatever its kind;
- a workload that can't make its pods (a full quota, Pod Security) fails after some seconds, not after ten minutes;
- a misspelled field is refused, not warned of;
- the part of the field manager's name that is drawn by lot there follows from the resource's URN;
- previews ask nothing of the cluster;
- a chart that can't be had is left out, and said to be;
- ``generateName``, the annotations ``waitFor``, ``replaceUnready`` and ``patchFieldManager``, and all types that expand
  to others are refused.
"""
