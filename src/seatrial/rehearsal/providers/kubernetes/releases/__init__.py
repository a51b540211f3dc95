"""Helm releases, by Helm itself.

``releases`` installs, upgrades and uninstalls; ``charts`` finds a chart, ``helm`` runs the tool, ``history`` reads what
Helm keeps in the cluster, ``values`` knows what a chart takes, ``record`` tells which releases were rendered. Where a
chart can't be had the release is recorded all the same: the rest of the platform can be rehearsed, and the chart's
values are checked at least.
"""
