"""What a cluster has left in an AWS account: found by its marks, told, and deleted when asked.

It works alike on the emulated account and on AWS.
"""

from seatrial.sweep.account import Account, enter
from seatrial.sweep.finding import Found, look
from seatrial.sweep.model import Leftover, Stay
from seatrial.sweep.sweeping import Patience, Swept, Watch, sweep

__all__ = ["Account", "Found", "Leftover", "Patience", "Stay", "Swept", "Watch", "enter", "look", "sweep"]
