"""seatrial: a production Amazon EKS platform, proven before it touches AWS."""
