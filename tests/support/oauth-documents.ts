import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { selfSigned } from '../../packages/mcp-runtime/src/upstream/fixtures/certificate.ts';
import type { Json } from './app.ts';

export interface Documents {
  url(name: string): string;
  asked: string[];
  close(): void;
}

/** Metadata documents over https, whose certificate this process trusts as long as it serves. */
export async function serveDocuments(answers: (base: string) => Record<string, Json>): Promise<Documents> {
  const tls = selfSigned();
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, tls.cert]);
  const asked: string[] = [];
  let all: Record<string, Json> = {};
  const server: Server = createServer(tls, (request, response) => {
    const name = request.url ?? '';
    asked.push(name);
    const answer = all[name];
    if (typeof answer === 'function') return answer(response);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `https://localhost:${(server.address() as AddressInfo).port}`;
  all = answers(base);
  return {
    url: (name) => base + name,
    asked,
    close() {
      setDefaultCACertificates(trusted);
      server.closeAllConnections();
      server.close();
    },
  };
}
