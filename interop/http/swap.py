"""One user against the files of another: a folder and a link that leads out of the served folder change places, as fast as
they can, while two users ask for what is in it.

swap FOLDER                 swaps FOLDER/sub and FOLDER/link until it is ended
ask SOCKET COUNT FILE       asks for FILE in sub, and for other things; FILE is "mine" or "others"
"""
import http.client
import json
import os
import socket
import sys


def swap(folder):
    sub, link, aside = (os.path.join(folder, name) for name in ('sub', 'link', 'aside'))
    print('ready', flush=True)
    while True:
        os.rename(sub, aside)
        os.rename(link, sub)
        os.rename(sub, link)
        os.rename(aside, sub)


def ask(path, count, whose):
    connection = http.client.HTTPConnection('pipe')
    connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.sock.connect(path)
    connection.auto_open = 0
    served = 0

    def request(method, target, body=None):
        connection.request(method, target, body)
        reply = connection.getresponse()
        text = reply.read().decode()
        if reply.status not in (200, 400, 403, 404):
            sys.exit('%s %s: %d %s' % (method, target, reply.status, text))
        return text if reply.status == 200 else None

    for i in range(count):
        kind = i % 4
        if kind == 0:
            text = request('GET', '/read?name=sub/file')
            if text is not None and (whose != 'mine' or text != 'harmless'):
                sys.exit('read: %s' % text)
            served += text is not None
        elif kind == 1:
            served += request('PUT', '/write?name=sub/of-%d' % os.getuid(), 'text') is not None
        elif kind == 2:
            text = request('GET', '/list?name=sub')
            names = [entry['name'] for entry in json.loads(text or '[]')]
            if any(name == 'outside' for name in names):
                sys.exit('list: %s' % names)
            served += text is not None
        elif request('GET', '/read?name=sub/outside') is not None:
            sys.exit('a file out of the folder was read')
    if not served:
        sys.exit('nothing was served: this has shown nothing')
    print('ok %d, %d served' % (count, served))


if sys.argv[1] == 'swap':
    swap(sys.argv[2])
else:
    ask(sys.argv[2], int(sys.argv[3]), sys.argv[4])
