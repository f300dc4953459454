"""Starts a program with listening sockets, as systemd does: sd_listen_fds(3).

activate.py [--pid=PID] PATH=NAME... PROGRAM [ARGUMENT]... passes a socket at each path, from descriptor 3 on; a path that
exists is opened as a file. The program is the first argument that is no path with a name.
"""

import os
import socket
import sys


def listen(path):
    if os.path.exists(path):
        return os.open(path, os.O_RDWR)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    os.chmod(path, 0o600)
    server.listen()
    return server.detach()


def main():
    arguments = sys.argv[1:]
    pid = str(os.getpid())
    if arguments[0].startswith("--pid="):
        pid = arguments.pop(0).removeprefix("--pid=")
    names = []
    # Above the numbers that are to be used, which are not free yet.
    passed = []
    while "=" in arguments[0]:
        path, name = arguments.pop(0).split("=", 1)
        passed.append(os.dup2(listen(path), 100 + len(passed), False))
        names.append(name)
    for index, descriptor in enumerate(passed):
        os.dup2(descriptor, 3 + index)
    os.environ.update(LISTEN_PID=pid, LISTEN_FDS=str(len(passed)), LISTEN_FDNAMES=":".join(names))
    os.execvp(arguments[0], arguments)


main()
