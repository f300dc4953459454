"""Many connections that do nothing. Arguments: the socket, their number, and the process of the server. Prints what a
connection costs the server, and how long a new client waits meanwhile; then waits for a line, after which the server is told
to stop, and for the end of all connections."""
import os
import resource
import selectors
import signal
import socket
import statistics
import sys
import time

path, count, server = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
REQUEST = b'GET /stat?name=small.txt HTTP/1.1\r\nHost: pipe\r\n\r\n'


def status(field):
    with open('/proc/%d/status' % server) as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(field))


def connect():
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(path)
    return client


def ask(client):
    client.sendall(REQUEST)
    reply = b''
    while b'"size":35' not in reply:
        part = client.recv(4096)
        if not part:
            sys.exit('no answer: %r' % reply)
        reply += part


for _ in range(200):
    with connect() as client:
        ask(client)
memory, threads = status('VmRSS'), status('Threads')
clients = []
for i in range(count):
    clients.append(connect())
    ask(clients[-1])
print('%d connections: %.1f KiB each of the server\'s memory, %d threads (%d before)' % (
    count, (status('VmRSS') - memory) / count, status('Threads'), threads))
times = []
for _ in range(100):
    begin = time.perf_counter()
    with connect() as client:
        ask(client)
    times.append((time.perf_counter() - begin) * 1000)
print('a new client: median %.2f ms, longest %.2f ms' % (statistics.median(times), max(times)))
for client in clients[::100]:
    ask(client)
begin = time.perf_counter()
os.kill(server, signal.SIGTERM)
selector = selectors.DefaultSelector()
for client in clients:
    selector.register(client, selectors.EVENT_READ)
left = count
while left:
    for key, _ in selector.select(10) or sys.exit('%d connections were not ended' % left):
        try:
            if key.fileobj.recv(4096):
                continue
        except ConnectionResetError:
            pass
        selector.unregister(key.fileobj)
        left -= 1
seconds = time.perf_counter() - begin
print('all ended %.2f s after the stop' % seconds)
if max(times) >= 50 or seconds >= 2:
    sys.exit('over the limit of 50 ms for a new client, or of 2 s for the stop')
