"""Pulumi providers of a rehearsal: what the engine talks to instead of the published plugins."""
