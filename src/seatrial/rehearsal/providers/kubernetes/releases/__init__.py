"""Helm releases, by Helm itself.

``releases`` installs, upgrades and uninstalls; ``charts`` finds a chart, ``helm`` runs the tool, ``history`` reads what
Helm keeps in the cluster, ``values`` knows what a chart takes. Where a chart can't be had the release is kept in the
state all the same, as not rendered: the rest of the platform can be rehearsed, and the chart's values are checked at
least.
"""
