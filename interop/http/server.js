'use strict';
// Node's http as a server of files on a Unix-domain socket. Arguments: the socket, and the folder.
const fs = require('fs');
const http = require('http');
const path = require('path');
const { pipeline } = require('stream');

const [socket, root] = process.argv.slice(2);

function info(file) {
    const stat = fs.statSync(file);
    return { name: path.basename(file), type: stat.isDirectory() ? 'FOLDER' : 'FILE', size: stat.size, lastModified: stat.mtime };
}

function serve(url, request, response) {
    const file = path.join(root, path.normalize(`/${url.searchParams.get('name') || ''}`));
    const json = (value) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    switch (url.pathname) {
        case '/read':
            response.writeHead(200, { 'Content-Length': fs.statSync(file).size });
            pipeline(fs.createReadStream(file), response, () => {});
            break;
        case '/stat':
            json(info(file));
            break;
        case '/list':
            json(fs.readdirSync(file).map((name) => info(path.join(file, name))));
            break;
        case '/write':
            pipeline(request, fs.createWriteStream(file), () => json(info(file)));
            break;
        default:
            response.writeHead(404).end('no such route');
    }
}

http.createServer((request, response) => {
    try {
        serve(new URL(request.url, 'http://pipe'), request, response);
    } catch (error) {
        response.writeHead(error.code === 'ENOENT' ? 404 : 500).end('no such file');
    }
}).listen(socket, () => console.log('ready'));
