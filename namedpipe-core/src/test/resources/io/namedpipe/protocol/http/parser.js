'use strict';
// Requests in, one connection in each line, in base64. Out, in the same order: the messages that Node's parser takes as
// complete, their parts in hex, and after a tab why it stopped.
const { HTTPParser, methods } = process.binding('http_parser');

function hex(text) {
    return Buffer.from(text, 'latin1').toString('hex');
}

function read(bytes) {
    const messages = [];
    const parser = new HTTPParser();
    let head;
    let body;
    parser.initialize(HTTPParser.REQUEST, {});
    parser[HTTPParser.kOnHeadersComplete] = (major, minor, headers, method, target) => {
        head = `${hex(methods[method])} ${hex(target)} ${minor}`;
        body = '';
        return 0;
    };
    parser[HTTPParser.kOnBody] = (data) => {
        body += data.toString('hex');
    };
    parser[HTTPParser.kOnMessageComplete] = () => {
        messages.push(`${head} ${body}`);
    };
    const result = parser.execute(bytes);
    return `${messages.join(',')}\t${result instanceof Error ? result.code : ''}\n`;
}

require('readline').createInterface({ input: process.stdin })
    .on('line', (line) => process.stdout.write(read(Buffer.from(line, 'base64'))));
