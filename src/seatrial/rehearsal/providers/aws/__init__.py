"""A Pulumi provider named ``aws`` for the resource types that the platform uses.

``provider`` speaks Pulumi's protocol and knows no AWS; ``lifecycle`` creates, reads, updates and deletes any
``ResourceType`` and knows no service; the modules named after AWS services describe their types.
``python -m seatrial.rehearsal.providers.aws`` serves it.
"""
