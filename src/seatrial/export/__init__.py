"""A plan in the forms that other programs read: manifests of Kubernetes, a plan of Terraform; data in, text out."""
