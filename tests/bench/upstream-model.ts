import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A provider that streams OpenAI chunks of about 230 bytes: `max_tokens` of them, a few at a time every 40 ms, as those of
 * a fast model come. Prints its origin.
 */
const everyMs = 40;
const together = 4;

function chunkOf(at: number): string {
  const delta = { content: `word ${String(at).padStart(6, '0')} of a long answer, ` };
  const chunk = {
    id: 'chatcmpl-0123456789abcdef0123456789',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'bench-model-2026-01-01',
    system_fingerprint: 'fp_0123456789',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { max_tokens: count = 10 } = JSON.parse(Buffer.concat(parts).toString()) as { max_tokens?: number };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    function send(): void {
      if (response.destroyed) return;
      let text = '';
      for (let n = 0; n < together && sent < count; n += 1) text += chunkOf((sent += 1));
      if (sent < count) {
        response.write(text);
        setTimeout(send, everyMs);
        return;
      }
      const end = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' };
      const finish = { ...end, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
      const usage = { prompt_tokens: 10, completion_tokens: count, total_tokens: 10 + count };
      response.end(
        `${text}data: ${JSON.stringify(finish)}\n\ndata: ${JSON.stringify({ ...end, choices: [], usage })}\n\ndata: [DONE]\n\n`,
      );
    }
    send();
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
