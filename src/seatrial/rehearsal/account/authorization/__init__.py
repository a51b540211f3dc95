"""What IAM asks before a call is executed, as AWS's Service Authorization Reference has it.

MiniStack judges a call once, by one resource that it guesses or by ``*``. AWS judges a creation by
what it makes and by each thing it is made in, tags on creation as a call of their own, and a role
that is handed to a service as ``iam:PassRole``. The services that a platform uses are judged so here;
the evaluation of policies, boundaries and conditions remains MiniStack's.
"""
