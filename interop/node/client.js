'use strict';

// A client of the documented example's protocol; any number of them at once. Exit codes: see the README.

const net = require('node:net');
const { setTimeout: sleep } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const { GREETING, FrameReader, encode, pipePath } = require('./stream-string.js');

const DONE = 0;
const FAILED = 1;
const USAGE = 2;
const NOT_VERIFIED = 3;
const NO_REPLY = 4;
const NO_SERVER = 5;

// There is no server yet, or all its instances are busy: worth another attempt, as in .NET.
const RETRY = new Set(['ENOENT', 'ECONNREFUSED', 'EAGAIN', 'EBUSY']);
const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'EACCES', 'EPERM', 'EOF']);

class ExitError extends Error {
  constructor(code, message) {
    super(message);
    this.exitCode = code;
  }
}

function open(path) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      // An error is also reported by the read that it ends. Without a listener it would end the process.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

// Tries for ever: the time limit of the whole program ends it.
async function connect(path) {
  for (;;) {
    try {
      return await open(path);
    } catch (error) {
      if (!RETRY.has(error.code)) {
        throw error;
      }
      await sleep(20);
    }
  }
}

async function ask(path, file) {
  const socket = await connect(path);
  try {
    const frames = new FrameReader(socket);
    const greeting = await frames.read();
    if (greeting !== null && greeting !== GREETING) {
      throw new ExitError(NOT_VERIFIED, 'the server could not be verified');
    }
    let reply = null;
    if (greeting !== null) {
      socket.write(encode(file));
      reply = await frames.read();
    }
    if (reply === null) {
      throw new ExitError(NO_REPLY, 'closed without a reply');
    }
    return reply;
  } catch (error) {
    throw CLOSED.has(error.code) ? new ExitError(NO_REPLY, error.message) : error;
  } finally {
    socket.destroy();
  }
}

function number(text, max) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new Error(`not a number from 1 to ${max}: ${text}`);
  }
  return value;
}

function parse() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'pipe': { type: 'string' },
        'clients': { type: 'string', default: '1' },
        'timeout': { type: 'string', default: '10' },
        'expect-no-reply': { type: 'boolean', default: false },
      },
    });
    if (!values.pipe || positionals.length !== 1) {
      throw new Error('a pipe and one file are needed');
    }
    return {
      path: pipePath(values.pipe),
      clients: number(values.clients, 1000),
      seconds: number(values.timeout, 86400),
      expectNoReply: values['expect-no-reply'],
      file: positionals[0],
    };
  } catch (error) {
    console.error(error.message);
    console.error('usage: client.js --pipe NAME [--clients N] [--timeout SECONDS] [--expect-no-reply] FILE');
    process.exit(USAGE);
  }
}

function conclude(results, expectNoReply) {
  for (const { status, reason, value } of results) {
    if (status === 'rejected') {
      const code = reason.exitCode ?? (CLOSED.has(reason.code) ? NO_REPLY : FAILED);
      console.error(reason.message);
      if (!(expectNoReply && code === NO_REPLY)) {
        return code;
      }
    } else if (expectNoReply) {
      console.error('a reply came, and none was expected');
      return FAILED;
    } else if (value !== results[0].value) {
      console.error('the replies differ');
      return FAILED;
    }
  }
  if (!expectNoReply) {
    process.stdout.write(Buffer.from(results[0].value, 'utf8'));
  }
  return DONE;
}

async function main() {
  const { path, clients, seconds, expectNoReply, file } = parse();
  const timer = setTimeout(() => {
    console.error(`no server or no reply within ${seconds} s`);
    process.exit(NO_SERVER);
  }, seconds * 1000);
  const results = await Promise.allSettled(Array.from({ length: clients }, () => ask(path, file)));
  clearTimeout(timer);
  // Not process.exit(): standard output may still have to be flushed.
  process.exitCode = conclude(results, expectNoReply);
}

main();
