"""Clients that a server has to bear. None of them is polite.

connect-and-leave COUNT   connects and closes, COUNT times, one after the other
ask COUNT FILE            COUNT clients at once that ask for FILE and read to the end of the stream
never-reads FILE          sends the name, and then nothing, and reads nothing, until it is ended
send HEX                  reads the greeting, sends the bytes, and waits until the server closes
slow FILE                 sends half of the name, waits for a line on standard input, sends the rest, prints the reply
hold COUNT               keeps COUNT silent connections, and opens others for those that the server closes
names                    asks for one name after the other, each as long as can be, of characters that cannot be seen
measure COUNT FILE       not hostile: asks for FILE COUNT times, and prints the median time of a request in ms

Each prints a line when it has done its worst, so that a script can wait for it.
"""

import errno
import select
import socket
import statistics
import sys
import threading
import time

import stream_string


def connect(path):
    deadline = time.monotonic() + 30
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(30)
            connection.connect(path)
            return connection
        except BlockingIOError:
            connection.close()
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.005)


def greeted(path):
    connection = connect(path)
    if stream_string.read_frame(connection) != stream_string.GREETING:
        sys.exit("no greeting")
    return connection


def say(text):
    print(text, flush=True)


def connect_and_leave(path, count):
    for _ in range(int(count)):
        connect(path).close()
    say("left")


def ask(path, count, file):
    def one():
        with greeted(path) as connection:
            stream_string.write_frame(connection, file)
            while connection.recv(65536):
                pass
    threads = [threading.Thread(target=one) for _ in range(int(count))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say("asked")


def never_reads(path, file):
    connection = connect(path)
    stream_string.write_frame(connection, file)
    say("sent")
    time.sleep(3600)


def send(path, hexadecimal):
    connection = greeted(path)
    connection.sendall(bytes.fromhex(hexadecimal))
    say("sent")
    if connection.recv(1) == b"":
        say("closed")


def slow(path, file):
    connection = greeted(path)
    body = file.encode("utf-16-le")
    frame = len(body).to_bytes(2, "big") + body
    connection.sendall(frame[:len(frame) // 2])
    say("half")
    sys.stdin.readline()
    connection.sendall(frame[len(frame) // 2:])
    reply = stream_string.read_frame(connection)
    if reply is None:
        sys.exit(4)
    sys.stdout.write(reply)


def hold(path, count):
    import resource  # not on every system
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    wanted = min(int(count), most - 100)
    connections = {}
    poll = select.poll()
    told = False
    while True:
        while len(connections) < wanted:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.setblocking(False)
            try:
                connection.connect(path)
            except OSError as ex:
                connection.close()
                if ex.errno not in (errno.EAGAIN, errno.ECONNREFUSED):
                    raise
                break
            connections[connection.fileno()] = connection
            poll.register(connection, select.POLLIN)
        if not told:
            told = True
            say("sent")
        for number, _ in poll.poll(20):
            try:
                ended = connections[number].recv(65536) == b""
            except OSError:
                ended = True
            if ended:
                poll.unregister(number)
                connections.pop(number).close()


def names(path):
    name = "\u202e\u0085\u2028\u200b" * 8191
    told = False
    while True:
        try:
            connection = connect(path)
            with connection:
                if stream_string.read_frame(connection) == stream_string.GREETING:
                    stream_string.write_frame(connection, name)
                    connection.recv(65536)
        except OSError:
            pass
        if not told:
            told = True
            say("sent")


def measure(path, count, file):
    times = []
    for _ in range(int(count)):
        start = time.monotonic()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(path)
            if stream_string.read_frame(connection) != stream_string.GREETING:
                sys.exit("no greeting")
            stream_string.write_frame(connection, file)
            if stream_string.read_frame(connection) is None:
                sys.exit("no reply")
        times.append(time.monotonic() - start)
        time.sleep(0.02)
    say(str(round(statistics.median(times) * 1000)))


def main():
    stream_string.require_unix()
    path = stream_string.pipe_path(sys.argv[1])
    kinds = {"connect-and-leave": connect_and_leave, "ask": ask, "never-reads": never_reads, "send": send, "slow": slow,
             "hold": hold, "names": names, "measure": measure}
    kinds[sys.argv[2]](path, *sys.argv[3:])


main()
