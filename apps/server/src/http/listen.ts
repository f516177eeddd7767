import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../config.ts';

/** Starts to listen; gives the port, which the system chooses where 0 is asked for. */
export function listen(server: Server, address: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    function failed(error: NodeJS.ErrnoException) {
      const where = `${address.host}:${address.port}`;
      if (error.code === 'EADDRINUSE') reject(new ConfigError(`PORT: ${where} is taken by another program.`));
      else reject(new ConfigError(`HOST, PORT: the hub cannot listen at ${where}: ${error.message}`));
    }
    server.once('error', failed);
    server.listen(address, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** How often connections are closed whose last answer is out. */
const lookEveryMs = 20;

/** Closes the port and each connection whose answers are out; what is left after the grace is cut. */
export async function stopListening(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const looking = setInterval(() => server.closeIdleConnections(), lookEveryMs);
  const cutting = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(looking);
  clearTimeout(cutting);
}
