import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Clients of /ws in a process of their own, so that what they read costs the one that measures nothing. `node
 * socket-clients.ts URL KEY COUNT SERVERS`: prints the URL where it tells what the clients counted so far.
 */
const [url = '', token = '', count = '1', servers = ''] = process.argv.slice(2);

interface Counted {
  told: number;
  dropped: number;
}

/** Only the ends of a frame are looked at: its text is not parsed. */
function look(counted: Counted, text: string): void {
  if (!text.startsWith('{"type":"server-logs"')) return;
  counted.told += 1;
  const dropped = /"dropped":(\d+)\}$/.exec(text.slice(-40))?.[1];
  if (dropped !== undefined) counted.dropped += Number(dropped);
}

async function open(): Promise<Counted> {
  const counted: Counted = { told: 0, dropped: 0 };
  const socket = new WebSocket(url);
  await new Promise<void>((resolve) => {
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ type: 'auth', token }));
      const filters = { serverId: servers.split(',') };
      socket.send(JSON.stringify({ type: 'subscribe', channel: 'server-logs', filters }));
    });
    socket.addEventListener('message', ({ data }) => {
      const text = String(data);
      if (text.startsWith('{"type":"subscribed"')) resolve();
      look(counted, text);
    });
  });
  return counted;
}

const all = await Promise.all(Array.from({ length: Number(count) }, open));
const server = createServer((_request, response) => response.end(JSON.stringify(all)));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
