"""The documented example's frames, and the path of a pipe by the rule that .NET follows."""

import os
import socket
import sys

GREETING = "I am the one true server!"
MAX_BYTES = 0xFFFF


class FrameError(Exception):
    """The peer broke the protocol, or a text does not fit a frame."""


def require_unix():
    """End with a message where Python has no sockets of this kind, which is on Windows."""
    if sys.platform == "win32" or not hasattr(socket, "AF_UNIX"):
        sys.exit("Python's standard library cannot open a pipe by name on Windows; use another language there")


def pipe_path(name):
    if os.path.isabs(name):
        return name
    if "/" in name:
        raise ValueError("a pipe's name must not contain a slash: " + name)
    # Not tempfile.gettempdir(): that looks at more variables than .NET does.
    return os.path.join(os.environ.get("TMPDIR") or "/tmp", "CoreFxPipe_" + name)


def write_frame(connection, text):
    """Two bytes, big-endian, with the number of bytes that follow, then UTF-16LE without a mark."""
    body = text.encode("utf-16-le")
    if len(body) > MAX_BYTES:
        # Refused and not cut: a cut text would look like a whole one.
        raise FrameError(f"a text of {len(body)} bytes does not fit a frame of {MAX_BYTES}")
    connection.sendall(len(body).to_bytes(2, "big") + body)


def read_frame(connection):
    """The next text, or None when the peer closed the pipe before the first byte of it."""
    header = _fill(connection, 2)
    if not header:
        return None
    if len(header) < 2:
        raise FrameError("the pipe was closed within the length of a frame")
    length = int.from_bytes(header, "big")
    body = _fill(connection, length)
    if len(body) < length:
        raise FrameError("the pipe was closed within a frame")
    try:
        return body.decode("utf-16-le")
    except UnicodeDecodeError as error:
        raise FrameError("a frame is no valid UTF-16 text") from error


def _fill(connection, length):
    # One recv may return less than was asked for.
    data = bytearray()
    while len(data) < length:
        try:
            chunk = connection.recv(length - len(data))
        except ConnectionError:
            # A reset is one more way to close. What counts is whether it came within a frame.
            chunk = b""
        if not chunk:
            break
        data += chunk
    return bytes(data)
