"""Files as a WSGI application, for gunicorn. The folder is in the environment, as ROOT."""
import json
import os
import urllib.parse

ROOT = os.environ['ROOT']


def info(file):
    stat = os.stat(file)
    return {'name': os.path.basename(file), 'type': 'FOLDER' if os.path.isdir(file) else 'FILE', 'size': stat.st_size,
            'lastModified': int(stat.st_mtime)}


def serve(route, file, body):
    if route == '/read':
        with open(file, 'rb') as content:
            return content.read()
    if route == '/stat':
        return info(file)
    if route == '/list':
        return [info(os.path.join(file, name)) for name in os.listdir(file)]
    if route == '/write':
        with open(file, 'wb') as target:
            target.write(body.read())
        return info(file)
    raise FileNotFoundError(route)


def app(environ, start_response):
    name = urllib.parse.parse_qs(environ['QUERY_STRING']).get('name', [''])[0]
    try:
        value = serve(environ['PATH_INFO'], os.path.join(ROOT, os.path.normpath('/' + name)[1:]), environ['wsgi.input'])
        status = '200 OK'
    except FileNotFoundError:
        value, status = b'no such file', '404 Not Found'
    content, kind = (value, 'application/octet-stream') if isinstance(value, bytes) else (json.dumps(value).encode(), 'application/json')
    start_response(status, [('Content-Type', kind), ('Content-Length', str(len(content)))])
    return [content]
