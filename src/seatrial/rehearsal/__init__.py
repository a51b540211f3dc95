"""The rehearsal: the real engine deploys the program into an emulated AWS account on this machine."""
