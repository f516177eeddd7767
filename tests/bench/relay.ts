import { Agent, createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What a gateway in Node costs at the very least: checks a bearer, parses each body once, passes bytes through.
 * `node relay.ts URL TOKEN`; prints its origin.
 */
const target = new URL(process.argv[2] ?? '');
const expected = `Bearer ${process.argv[3] ?? ''}`;
const agent = new Agent({ keepAlive: true, maxSockets: 512, maxFreeSockets: 512 });

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.headers.authorization !== expected) {
    response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    return;
  }
  function pass(body?: Buffer): void {
    const {
      authorization: _auth,
      connection: _connection,
      'transfer-encoding': _encoding,
      ...headers
    } = request.headers;
    headers.host = target.host;
    if (body !== undefined) headers['content-length'] = String(body.length);
    const onward = forward(
      {
        host: target.hostname,
        port: target.port,
        path: target.pathname + target.search,
        method: request.method,
        headers,
        agent,
      },
      (answer) => {
        const { connection: _c, 'keep-alive': _k, ...kept } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, kept);
        answer.pipe(response);
      },
    );
    onward.on('error', () => {
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
    response.on('close', () => {
      if (!response.writableFinished) onward.destroy();
    });
    onward.end(body);
  }
  if (request.method !== 'POST') {
    pass();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    try {
      JSON.parse(body.toString());
    } catch {
      response.writeHead(400).end();
      return;
    }
    pass(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
