"""The client of the documented example over SMB, with impacket.

smb_client.py [--anonymous] HOST PORT USER PIPE FILE prints the text; it ends with 4 if there is none, with 5 if the pipe
cannot be opened. smb_client.py --race COUNT OWN TEXT OTHER HOST PORT USER PIPE asks in turns for a file that the user may
read, which must have the text, and for one that it may not. smb_client.py --rounds COUNT HOST PORT USER PIPE opens the
pipe and leaves. smb_client.py --http HOST PORT USER PIPE opens the pipe, asks over HTTP for each target that it reads
from standard input, and prints the status and the length of each answer. The password is in SMB_PASSWORD.
"""

import http.client
import io
import os
import sys

from impacket import smb3structs
from impacket.nmb import NetBIOSError
from impacket.smbconnection import SessionError, SMBConnection

GREETING = "I am the one true server!"


class Pipe:
    """The bytes of the pipe, however its messages are cut."""

    def __init__(self, connection, tree, handle):
        self.connection, self.tree, self.handle = connection, tree, handle
        self.data = b""

    def read(self, count):
        while len(self.data) < count:
            part = self.connection.readNamedPipe(self.tree, self.handle, 65535)
            if not part:
                raise EOFError
            self.data += part
        result, self.data = self.data[:count], self.data[count:]
        return result

    def read_string(self):
        return self.read(int.from_bytes(self.read(2), "big")).decode("utf-16-le")

    def write_string(self, text):
        data = text.encode("utf-16-le")
        self.connection.writeNamedPipe(self.tree, self.handle, len(data).to_bytes(2, "big") + data)


def open_pipe(connection, name):
    tree = connection.connectTree("IPC$")
    handle = connection.openFile(tree, name, smb3structs.FILE_READ_DATA | smb3structs.FILE_WRITE_DATA)
    return Pipe(connection, tree, handle)


def request(connection, name, file):
    """The text, or None if it was refused."""
    pipe = open_pipe(connection, name)
    try:
        if pipe.read_string() != GREETING:
            raise ValueError("another greeting")
        pipe.write_string(file)
        return pipe.read_string()
    except (EOFError, SessionError):
        return None
    finally:
        connection.closeFile(pipe.tree, pipe.handle)
        connection.disconnectTree(pipe.tree)


class Stream(io.RawIOBase):
    """A pipe as http.client wants a socket."""

    def __init__(self, pipe):
        self.pipe = pipe

    def makefile(self, mode):
        return io.BufferedReader(self)

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self.pipe.connection.readNamedPipe(self.pipe.tree, self.pipe.handle, min(len(buffer), 65535))
        buffer[: len(data)] = data
        return len(data)


def requests(host, port, user, name):
    connection = log_in(host, port, user)
    pipe = open_pipe(connection, name)
    for line in sys.stdin:
        request = f"GET {line.strip()} HTTP/1.1\r\nHost: pipe\r\n\r\n"
        connection.writeNamedPipe(pipe.tree, pipe.handle, request.encode())
        response = http.client.HTTPResponse(Stream(pipe))
        response.begin()
        print(response.status, len(response.read()), flush=True)
    connection.getSMBServer()._NetBIOSSession.close()
    return 0


def log_in(host, port, user):
    connection = SMBConnection(host, host, sess_port=int(port), timeout=30)
    connection.login(user, os.environ["SMB_PASSWORD"] if user else "")
    return connection


def race(count, own, text, other, host, port, user, name):
    leaked = refused = lost = 0
    connection = None
    for i in range(int(count)):
        while True:
            try:
                # impacket's connections do not last for many thousand requests.
                if connection is None or i % 200 == 0:
                    connection = log_in(host, port, user)
                reply = request(connection, name, other if i % 2 else own)
                break
            except NetBIOSError:
                connection = None
                lost += 1
                if lost > 20:
                    raise
        if i % 2:
            leaked += reply is not None
        else:
            refused += reply != text
    print(f"leaked={leaked} refused={refused} lost={lost}")
    return 0


def rounds(count, host, port, user, name):
    opened = 0
    for _ in range(int(count)):
        connection = log_in(host, port, user)
        try:
            open_pipe(connection, name)
            opened += 1
        except SessionError:
            pass
        finally:
            connection.getSMBServer()._NetBIOSSession.close()
    print(f"opened={opened}")
    return 0


def main():
    arguments = sys.argv[1:]
    if arguments[0] == "--race":
        return race(*arguments[1:])
    if arguments[0] == "--rounds":
        return rounds(*arguments[1:])
    if arguments[0] == "--http":
        return requests(*arguments[1:])
    anonymous = arguments[0] == "--anonymous"
    host, port, user, name, file = arguments[1:] if anonymous else arguments
    try:
        connection = log_in(host, port, "" if anonymous else user)
        pipe = open_pipe(connection, name)
    except SessionError as error:
        print(error, file=sys.stderr)
        return 5
    try:
        greeting = pipe.read_string()
        if greeting != GREETING:
            print("another greeting:", greeting, file=sys.stderr)
            return 3
        pipe.write_string(file)
        sys.stdout.buffer.write(pipe.read_string().encode())
        return 0
    except (EOFError, SessionError) as error:
        print("no reply:", error, file=sys.stderr)
        return 4
    finally:
        connection.getSMBServer()._NetBIOSSession.close()


sys.exit(main())
