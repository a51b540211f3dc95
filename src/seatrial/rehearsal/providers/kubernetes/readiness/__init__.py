"""When objects are ready: a module for each family of kinds, and ``kinds``, which knows which is whose."""
