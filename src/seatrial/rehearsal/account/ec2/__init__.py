"""What EC2 lacks in MiniStack and a platform needs: fields, states, and AWS's refusals."""
