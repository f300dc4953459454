"""A client of the documented example's protocol; any number of them at once. Exit codes: see the README."""

import argparse
import os
import socket
import sys
import threading
import time

import stream_string

DONE, FAILED, USAGE, NOT_VERIFIED, NO_REPLY, NO_SERVER = range(6)


class ExitError(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def connect(path, deadline):
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(max(deadline - time.monotonic(), 0.001))
            connection.connect(path)
            return connection
        except (FileNotFoundError, ConnectionRefusedError, BlockingIOError, TimeoutError, socket.timeout):
            # There is no server yet, or its queue is full: worth another attempt, as in .NET.
            connection.close()
            if time.monotonic() >= deadline:
                raise ExitError(NO_SERVER, "no server in time") from None
            time.sleep(0.02)
        except BaseException:
            connection.close()
            raise


def converse(path, file, deadline):
    with connect(path, deadline) as connection:
        # The main thread watches the time of the whole program.
        connection.settimeout(None)
        greeting = stream_string.read_frame(connection)
        if greeting is not None and greeting != stream_string.GREETING:
            raise ExitError(NOT_VERIFIED, "the server could not be verified")
        reply = None
        if greeting is not None:
            stream_string.write_frame(connection, file)
            reply = stream_string.read_frame(connection)
        if reply is None:
            raise ExitError(NO_REPLY, "closed without a reply")
        return reply


def ask(path, file, deadline, results, index):
    code, reply = FAILED, None
    try:
        reply = converse(path, file, deadline)
        code = DONE
    except ExitError as error:
        code = error.code
        print(error, file=sys.stderr)
    except (ConnectionError, PermissionError) as error:
        code = NO_REPLY
        print(error, file=sys.stderr)
    except (OSError, ValueError, stream_string.FrameError) as error:
        print(error, file=sys.stderr)
    results[index] = (code, reply)


def conclude(results, expect_no_reply):
    first = results[0][1]
    for code, reply in results:
        if expect_no_reply and code == DONE:
            print("a reply came, and none was expected", file=sys.stderr)
            return FAILED
        if code != DONE and not (expect_no_reply and code == NO_REPLY):
            return code
        if reply != first:
            print("the replies differ", file=sys.stderr)
            return FAILED
    if not expect_no_reply:
        # Bytes: printing text would depend on the locale and could change the line ends.
        sys.stdout.buffer.write(first.encode("utf-8"))
        sys.stdout.buffer.flush()
    return DONE


def number(maximum):
    def parse(text):
        value = int(text)
        if not 1 <= value <= maximum:
            raise argparse.ArgumentTypeError(f"not a number from 1 to {maximum}: {text}")
        return value
    return parse


def main():
    stream_string.require_unix()
    parser = argparse.ArgumentParser()
    parser.add_argument("--pipe", required=True, metavar="NAME")
    parser.add_argument("--clients", type=number(1000), default=1, metavar="N")
    parser.add_argument("--timeout", type=number(86400), default=10, metavar="SECONDS")
    parser.add_argument("--expect-no-reply", action="store_true")
    parser.add_argument("file", metavar="FILE")
    arguments = parser.parse_args()
    try:
        path = stream_string.pipe_path(arguments.pipe)
    except ValueError as error:
        parser.error(str(error))

    deadline = time.monotonic() + arguments.timeout
    results = [None] * arguments.clients
    # Daemon threads: one that is blocked in a read does not keep the process alive.
    threads = [
        threading.Thread(target=ask, args=(path, arguments.file, deadline, results, index), daemon=True)
        for index in range(arguments.clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        # The connection itself is limited to the same time, so a little more is given to let it report first.
        thread.join(max(deadline + 0.2 - time.monotonic(), 0))
        if thread.is_alive():
            print(f"no reply within {arguments.timeout} s", file=sys.stderr)
            return NO_SERVER
    return conclude(results, arguments.expect_no_reply)


if __name__ == "__main__":
    sys.exit(main())
