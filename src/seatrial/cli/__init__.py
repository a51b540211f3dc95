"""The command line: one command a file, one edge where faults become text and an exit code."""
