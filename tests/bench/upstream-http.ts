import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, type Json, toolTable } from './tools.ts';

/**
 * The cheapest MCP server over HTTP: no SDK, JSON bodies. `/mcp?tools=N` chooses how many tools it has, so one process
 * stands for any number of servers. Prints its origin.
 */
const tables = new Map<number, Json[]>();

function tableOf(url: string): Json[] {
  const count = Number(new URL(url, 'http://localhost').searchParams.get('tools') ?? 1);
  let table = tables.get(count);
  if (table === undefined) tables.set(count, (table = toolTable(count)));
  return table;
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(request.method === 'DELETE' ? 200 : 405).end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const message = JSON.parse(Buffer.concat(chunks).toString()) as Json;
    const reply = answer(message, tableOf(request.url ?? '/'));
    if (reply === null) {
      response.writeHead(202).end();
      return;
    }
    const body = JSON.stringify(reply);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(message['method'] === 'initialize' && { 'mcp-session-id': randomUUID() }),
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
