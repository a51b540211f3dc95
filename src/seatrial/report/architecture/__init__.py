"""What a plan comes to, before anybody draws it: namespaces, places outside, and who may reach whom."""
