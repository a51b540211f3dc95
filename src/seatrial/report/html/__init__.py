"""An outcome as one file for a browser: the architecture, drawn, and every control with its evidence."""
