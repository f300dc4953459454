'use strict';

const path = require('node:path');

const GREETING = 'I am the one true server!';
const MAX_BYTES = 0xffff;

/** The path of a pipe, by the rule that .NET follows. */
function pipePath(name) {
  if (process.platform === 'win32') {
    return `\\\\.\\pipe\\${name}`;
  }
  if (path.isAbsolute(name)) {
    return name;
  }
  if (name.includes('/')) {
    throw new Error(`a pipe's name must not contain a slash: ${name}`);
  }
  // Not os.tmpdir(): that looks at more variables than .NET does.
  return path.join(process.env.TMPDIR || '/tmp', `CoreFxPipe_${name}`);
}

/** One frame: two bytes, big-endian, with the number of bytes that follow, then UTF-16LE without a mark. */
function encode(text) {
  const body = Buffer.from(text, 'utf16le');
  if (body.length > MAX_BYTES) {
    // Refused and not cut: a cut text would look like a whole one.
    throw new Error(`a text of ${body.length} bytes does not fit a frame of ${MAX_BYTES}`);
  }
  const header = Buffer.alloc(2);
  header.writeUInt16BE(body.length);
  return Buffer.concat([header, body]);
}

/** Reads frames from a socket, however the bytes are cut into chunks. */
class FrameReader {

  constructor(socket) {
    this.chunks = socket[Symbol.asyncIterator]();
    this.buffer = Buffer.alloc(0);
  }

  /** The next text, or null when the peer closed the pipe before the first byte of it. */
  async read() {
    if (!(await this.#fill(2))) {
      if (this.buffer.length === 0) {
        return null;
      }
      throw new Error('the pipe was closed within the length of a frame');
    }
    const end = 2 + this.buffer.readUInt16BE(0);
    if (!(await this.#fill(end))) {
      throw new Error('the pipe was closed within a frame');
    }
    if (end % 2 !== 0) {
      throw new Error(`a frame of ${end - 2} bytes is no UTF-16 text`);
    }
    const text = this.buffer.toString('utf16le', 2, end);
    this.buffer = this.buffer.subarray(end);
    return text;
  }

  async #fill(length) {
    while (this.buffer.length < length) {
      // A reset is one more way to close. What counts is whether it came within a frame.
      const { done, value } = await this.chunks.next().catch(() => ({ done: true }));
      if (done) {
        return false;
      }
      this.buffer = Buffer.concat([this.buffer, value]);
    }
    return true;
  }
}

module.exports = { GREETING, FrameReader, encode, pipePath };
