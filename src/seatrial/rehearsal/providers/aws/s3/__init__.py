"""S3: buckets, and what is set for one."""
