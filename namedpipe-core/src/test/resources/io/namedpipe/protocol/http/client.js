// 200 mixed requests by Node's http module on one kept connection; prints "ok 200".
const http = require('http');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function request(method, path, body, chunked) {
  return new Promise((resolve, reject) => {
    const sent = http.request({ socketPath: process.argv[2], path, method, agent }, (reply) => {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('error', reject);
      reply.on('end', () => resolve({ status: reply.statusCode, text: Buffer.concat(parts).toString(), reused: sent.reusedSocket }));
    });
    sent.on('error', reject);
    if (chunked) {
      sent.write(body.slice(0, 2));
      sent.end(body.slice(2));
    } else {
      sent.end(body);
    }
  });
}

function check(condition, reply) {
  if (!condition) {
    throw new Error(JSON.stringify(reply));
  }
}

(async () => {
  let count = 0;
  for (let i = 0; i < 50; i++) {
    const text = 'text ' + i;
    let reply = await request('POST', '/text', text);
    check(reply.status === 200 && reply.text === text && (i === 0 || reply.reused), reply);
    reply = await request('PUT', '/echo', text, true);
    check(reply.status === 200 && reply.text === text && reply.reused, reply);
    reply = await request('GET', '/query?n=' + i);
    check(reply.status === 200 && reply.text === 'GET n=' + i && reply.reused, reply);
    reply = await request('GET', '/nowhere');
    check(reply.status === 404 && JSON.parse(reply.text).code === 'NOT_FOUND' && reply.reused, reply);
    count += 4;
  }
  let broken = null;
  await request('GET', '/broken').catch((error) => { broken = error.code; });
  check(broken === 'ECONNRESET', broken);
  console.log('ok ' + count);
  agent.destroy();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
