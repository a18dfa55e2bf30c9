"""A worker without a zygote and without a wall, for a learner's own code where forking is not possible.

Started as a process of its own, it connects to the port it is given on the loopback interface, says the token, and
serves. It holds nothing secret, and nothing keeps it in: it is what running one's own file with Python would be.
"""

from __future__ import annotations

import os
import socket
import sys

from .serve import serve


def main() -> None:
    """Run with sys.argv = [_, port, token]; returns when the other side closes the connection."""
    port, token = sys.argv[1:]
    connection = socket.create_connection(("127.0.0.1", int(port)))
    connection.sendall(token.encode("ascii"))
    sys.argv = [""]
    os.chdir(os.path.abspath(os.sep))  # where a walled worker is, too: relative paths find nothing in either
    serve(connection)
