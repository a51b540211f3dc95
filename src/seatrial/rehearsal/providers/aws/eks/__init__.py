"""Amazon EKS: clusters and what is in them."""
