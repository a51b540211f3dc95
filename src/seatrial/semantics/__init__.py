"""What Kubernetes would decide about objects, as pure functions: no cluster, no clock, no files."""
