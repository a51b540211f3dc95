"""``python -m seatrial.rehearsal.account --state-dir DIR --region R [--port N] [--kubernetes-tools FILE]``."""

import argparse
import sys
from pathlib import Path

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.account import server
from seatrial.rehearsal.account.eks.service import DELAY


def main(arguments: list[str]) -> int:
    """Serve an account until told to quit; 3 when the folder or port is taken."""
    parser = argparse.ArgumentParser(prog="seatrial.rehearsal.account", description=server.__doc__)
    parser.add_argument("--state-dir", type=Path, required=True, help="folder that holds the account")
    parser.add_argument("--region", required=True, help="AWS region, such as us-east-2")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 keeps the folder's port")
    parser.add_argument("--delay", type=float, default=DELAY, help="seconds that EKS takes for each change")
    parser.add_argument("--account", default="", help="account id, for a folder that has none yet")
    parser.add_argument("--kubernetes-tools", type=Path, help="JSON file that names Kubernetes's executables")
    options = parser.parse_args(arguments)
    folder, tools = options.state_dir.absolute(), options.kubernetes_tools
    try:
        server.run(server.Settings(folder, options.region, options.port, options.delay, options.account, tools))
    except EnvironmentFault as fault:
        sys.stderr.write(f"{fault}\n")
        return fault.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
