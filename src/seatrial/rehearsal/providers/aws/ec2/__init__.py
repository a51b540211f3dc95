"""Amazon EC2 and VPC, by subject; what their resources share."""
