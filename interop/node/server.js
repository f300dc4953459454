'use strict';

// A server of the documented example's protocol. It hands out every file that it can read: for tests only.

const fs = require('node:fs');
const net = require('node:net');
const { parseArgs } = require('node:util');
const { GREETING, FrameReader, encode, pipePath } = require('./stream-string.js');

async function answer(socket) {
  socket.write(encode(GREETING));
  const file = await new FrameReader(socket).read();
  if (file !== null) {
    const text = new TextDecoder().decode(await fs.promises.readFile(file));
    // A client that gives up before it has read all must not leave this waiting for ever: the callback comes anyway.
    await new Promise((resolve) => socket.end(encode(text), resolve));
  }
}

function serve(socket) {
  // An error is also reported by the read that it ends. Without a listener it would end the process.
  socket.on('error', () => {});
  answer(socket)
    .catch((error) => console.error(String(error.message).replace(/\s+/g, ' ')))
    .finally(() => socket.destroy());
}

/** Whether nobody listens at the path any more: a socket that refuses connections, left behind by a dead server. */
function isDead(path) {
  return new Promise((resolve) => {
    const probe = net.connect(path);
    probe.on('connect', () => {
      probe.destroy();
      resolve(false);
    });
    probe.on('error', (error) => 
      resolve(error.code === 'ECONNREFUSED' && Boolean(fs.lstatSync(path, { throwIfNoEntry: false })?.isSocket())));
  });
}

function listen(name) {
  const path = pipePath(name);
  const server = net.createServer(serve);
  let retried = false;
  server.on('error', async (error) => {
    if (error.code === 'EADDRINUSE' && process.platform !== 'win32' && !retried && (await isDead(path))) {
      retried = true;
      fs.unlinkSync(path);
      server.listen(path);
      return;
    }
    console.error(`cannot serve pipe ${name}: ${error.message}`);
    process.exit(1);
  });
  server.on('listening', () => console.log(`ready ${name}`));
  for (const signal of ['SIGTERM', 'SIGINT']) {
    // Closing the server removes the socket.
    process.on(signal, () => server.close() && process.exit(0));
  }
  if (process.platform !== 'win32') {
    // The socket is the owner's from the start; a later chmod would leave a gap.
    process.umask(0o077);
  }
  server.listen(path);
}

function main() {
  let name;
  try {
    name = parseArgs({ options: { pipe: { type: 'string' } } }).values.pipe;
  } catch (error) {
    console.error(error.message);
  }
  if (!name) {
    console.error('usage: server.js --pipe NAME');
    process.exit(2);
  }
  try {
    listen(name);
  } catch (error) {
    console.error(`cannot serve pipe ${name}: ${error.message}`);
    process.exit(1);
  }
}

main();
