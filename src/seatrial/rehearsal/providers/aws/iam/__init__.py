"""IAM: roles, policies, identity providers."""
