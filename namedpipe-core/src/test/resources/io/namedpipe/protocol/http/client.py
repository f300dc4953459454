# 200 mixed requests by Python's http.client on one kept connection; prints "ok 200".
import http.client
import json
import socket
import sys


class PipeConnection(http.client.HTTPConnection):
    connects = 0

    def connect(self):
        self.connects += 1
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(sys.argv[1])


connection = PipeConnection('pipe')


def request(method, path, body=None):
    connection.request(method, path, body)
    reply = connection.getresponse()
    return reply.status, reply.read().decode()


count = 0
for i in range(50):
    text = 'text %d' % i
    assert request('POST', '/text', text) == (200, text)
    assert request('PUT', '/echo', iter([b'te', text[2:].encode()])) == (200, text)
    assert request('GET', '/query?n=%d' % i) == (200, 'GET n=%d' % i)
    status, problem = request('GET', '/nowhere')
    assert status == 404 and json.loads(problem)['code'] == 'NOT_FOUND'
    count += 4
assert connection.connects == 1
try:
    request('GET', '/broken')
    raise AssertionError('A broken reply looks complete')
except http.client.IncompleteRead:
    print('ok %d' % count)
