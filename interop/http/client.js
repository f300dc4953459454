'use strict';
// Node's http as a client of demo-server's pipe "files". Arguments: the pipe, and the number of mixed requests on one
// kept connection. What is asked and what must be answered is in README.md.
const http = require('http');
const os = require('os');
const path = require('path');

const [pipe, count] = [process.argv[2], Number(process.argv[3])];
const socketPath = process.platform === 'win32' ? `\\\\.\\pipe\\${pipe}`
    : path.join(process.env.TMPDIR || os.tmpdir(), `CoreFxPipe_${pipe}`);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
let connections = 0;

function request(method, target, { body, headers } = {}) {
    return new Promise((resolve, reject) => {
        const sent = http.request({ socketPath, method, path: target, agent, headers }, (reply) => {
            const parts = [];
            connections += sent.reusedSocket ? 0 : 1;
            reply.on('data', (part) => parts.push(part));
            reply.on('error', reject);
            reply.on('end', () => resolve({ status: reply.statusCode, headers: reply.headers, text: Buffer.concat(parts).toString() }));
        });
        sent.on('error', reject);
        // Two pieces without a length are chunks.
        if (Array.isArray(body)) {
            body.forEach((piece) => sent.write(piece));
            sent.end();
        } else {
            sent.end(body);
        }
    });
}

function check(condition, what, reply) {
    if (!condition) {
        throw new Error(`${what}: ${JSON.stringify(reply)}`);
    }
}

async function each() {
    let reply = await request('GET', '/list');
    const names = JSON.parse(reply.text).map((entry) => entry.name);
    check(reply.status === 200 && names.includes('small.txt') && names.includes('numbers'), 'list', reply);
    reply = await request('GET', '/read?name=small.txt');
    check(reply.status === 200 && reply.text === 'A small text file.\nWith two lines.\n', 'read', reply);
    reply = await request('POST', '/stat', { body: JSON.stringify({ name: 'small.txt' }), headers: { 'Content-Type': 'application/json' } });
    check(reply.status === 200 && JSON.parse(reply.text).name === 'small.txt', 'stat by JSON', reply);
    reply = await request('HEAD', '/read?name=small.txt');
    check(reply.status === 200 && reply.text === '' && reply.headers['content-length'] === '35', 'HEAD', reply);
    reply = await request('PUT', '/write?name=node', { body: ['in ', 'chunks'] });
    check(reply.status === 200 && JSON.parse(reply.text).size === 9, 'write in chunks', reply);
    reply = await request('GET', '/nowhere');
    check(reply.status === 404 && reply.headers['content-type'] === 'application/problem+json', 'no such route', reply);
    reply = await request('DELETE', '/read?name=small.txt');
    check(reply.status === 405, 'method', reply);
    reply = await request('GET', '/read?name=..%2Fsecret');
    check(reply.status === 403 || reply.status === 400, 'escape', reply);
}

async function mixed(i) {
    const value = `node ${i} ${Math.random()}`;
    let reply;
    switch (i % 5) {
        case 0:
            reply = await request('GET', '/stat?name=small.txt');
            check(reply.status === 200 && JSON.parse(reply.text).size === 35, 'stat', reply);
            break;
        case 1:
            reply = await request('GET', '/read?name=numbers', { headers: { Range: `bytes=${i * 16}-${i * 16 + 15}` } });
            check(reply.status === 206 && reply.text === `${String(i).padStart(15, '0')}\n`, 'range', reply);
            break;
        case 2:
            reply = await request('PUT', `/write?name=node-${i}`, { body: value });
            check(reply.status === 200 && JSON.parse(reply.text).name === `node-${i}`, 'write', reply);
            mixed.written = value;
            break;
        case 3:
            reply = await request('GET', `/read?name=node-${i - 1}`);
            check(reply.status === 200 && reply.text === mixed.written, 'read', reply);
            break;
        default:
            reply = await request('GET', `/stat?name=absent-${i}`);
            check(reply.status === 404 && JSON.parse(reply.text).code === 'NOT_FOUND', 'absent', reply);
    }
}

(async () => {
    await each();
    for (let i = 0; i < count; i++) {
        await mixed(i);
    }
    check(connections === 1, 'connections', connections);
    console.log(`ok ${count}`);
    agent.destroy();
})().catch((error) => {
    console.error(error);
    process.exit(1);
});
