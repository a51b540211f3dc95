"""What Elastic Load Balancing lacks in MiniStack: a place in the network, refusals, and the classic kind."""
