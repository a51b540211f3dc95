"""What IAM lacks in MiniStack and a platform needs."""
