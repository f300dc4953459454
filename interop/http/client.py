"""Python's http.client as a client of demo-server's pipe "files". Arguments: the pipe, and the number of mixed requests on
one kept connection. What is asked and what must be answered is in README.md."""
import http.client
import json
import os
import socket
import sys
import tempfile

pipe, count = sys.argv[1], int(sys.argv[2])


class PipeConnection(http.client.HTTPConnection):
    connections = 0

    def connect(self):
        self.connections += 1
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(os.path.join(os.environ.get('TMPDIR') or tempfile.gettempdir(), 'CoreFxPipe_' + pipe))


connection = PipeConnection('pipe')


def request(method, target, body=None, headers={}):
    connection.request(method, target, body, headers)
    reply = connection.getresponse()
    return reply.status, reply.read().decode(), reply


def check(condition, what, *reply):
    if not condition:
        sys.exit('%s: %s' % (what, reply))


def each():
    status, text, _ = request('GET', '/list')
    names = [entry['name'] for entry in json.loads(text)]
    check(status == 200 and 'small.txt' in names and 'numbers' in names, 'list', status, text)
    status, text, _ = request('GET', '/read?name=small.txt')
    check((status, text) == (200, 'A small text file.\nWith two lines.\n'), 'read', status, text)
    status, text, _ = request('POST', '/stat', json.dumps({'name': 'small.txt'}), {'Content-Type': 'application/json'})
    check(status == 200 and json.loads(text)['name'] == 'small.txt', 'stat by JSON', status, text)
    status, text, reply = request('HEAD', '/read?name=small.txt')
    check((status, text, reply.getheader('Content-Length')) == (200, '', '35'), 'HEAD', status, text)
    # An iterator has no length: chunks.
    status, text, _ = request('PUT', '/write?name=python', iter([b'in ', b'chunks']))
    check(status == 200 and json.loads(text)['size'] == 9, 'write in chunks', status, text)
    status, text, reply = request('GET', '/nowhere')
    check(status == 404 and reply.getheader('Content-Type') == 'application/problem+json', 'no such route', status, text)
    status, text, _ = request('DELETE', '/read?name=small.txt')
    check(status == 405, 'method', status, text)
    status, text, _ = request('GET', '/read?name=..%2Fsecret')
    check(status in (400, 403), 'escape', status, text)


def mixed(i, written):
    kind = i % 5
    if kind == 0:
        status, text, _ = request('GET', '/stat?name=small.txt')
        check(status == 200 and json.loads(text)['size'] == 35, 'stat', status, text)
    elif kind == 1:
        status, text, _ = request('GET', '/read?name=numbers', headers={'Range': 'bytes=%d-%d' % (i * 16, i * 16 + 15)})
        check((status, text) == (206, '%015d\n' % i), 'range', status, text)
    elif kind == 2:
        written = 'python %d %s' % (i, os.urandom(8).hex())
        status, text, _ = request('PUT', '/write?name=python-%d' % i, written)
        check(status == 200 and json.loads(text)['name'] == 'python-%d' % i, 'write', status, text)
    elif kind == 3:
        status, text, _ = request('GET', '/read?name=python-%d' % (i - 1))
        check((status, text) == (200, written), 'read', status, text)
    else:
        status, text, _ = request('GET', '/stat?name=absent-%d' % i)
        check(status == 404 and json.loads(text)['code'] == 'NOT_FOUND', 'absent', status, text)
    return written


each()
last = None
for number in range(count):
    last = mixed(number, last)
check(connection.connections == 1, 'connections', connection.connections)
print('ok %d' % count)
