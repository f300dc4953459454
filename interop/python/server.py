"""A server of the documented example's protocol. It hands out every file that it can read: for tests only."""

import argparse
import os
import signal
import socket
import stat
import sys
import threading
from pathlib import Path

import stream_string

IDLE_SECONDS = 60


def serve(connection, greeting):
    try:
        with connection:
            # A client that connects and stays silent must not hold a thread for ever.
            connection.settimeout(IDLE_SECONDS)
            stream_string.write_frame(connection, greeting)
            name = stream_string.read_frame(connection)
            if name is not None:
                # Bytes first: reading as text would change the line ends.
                text = Path(name).read_bytes().decode("utf-8-sig", errors="replace")
                stream_string.write_frame(connection, text)
    except (OSError, ValueError, stream_string.FrameError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)


def is_dead(path):
    """Whether nobody listens any more: a socket that refuses connections, left behind by a dead server."""
    if not stat.S_ISSOCK(os.lstat(path).st_mode):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        # A full queue of a live server would otherwise block here.
        probe.settimeout(1)
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False


def bind(path):
    # The socket is the owner's from the start; a later chmod would leave a gap.
    os.umask(0o077)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if os.path.lexists(path) and is_dead(path):
            os.unlink(path)
        listener.bind(path)
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener


def run(name, greeting):
    path = stream_string.pipe_path(name)
    # Both signals end the program as an exception, so that the socket is removed on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    with bind(path) as listener:
        try:
            print("ready " + name, flush=True)
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection, greeting), daemon=True).start()
        finally:
            os.unlink(path)


def main():
    stream_string.require_unix()
    parser = argparse.ArgumentParser()
    parser.add_argument("--pipe", required=True, metavar="NAME")
    parser.add_argument("--greeting", default=stream_string.GREETING, help="a false one, to test that clients check it")
    arguments = parser.parse_args()
    try:
        run(arguments.pipe, arguments.greeting)
    except (OSError, ValueError) as error:
        sys.exit(f"cannot serve pipe {arguments.pipe}: {error}")


if __name__ == "__main__":
    main()
