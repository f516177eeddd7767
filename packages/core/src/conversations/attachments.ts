import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Attachment } from './schema.ts';

/** How files of each type begin. */
const signatures: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  'image/png': (bytes) => bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])),
  'image/jpeg': (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])),
  'image/gif': (bytes) => bytes.subarray(0, 4).toString('latin1') === 'GIF8',
  'image/webp': (bytes) =>
    bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP',
};
const head = /^data:(image\/(?:png|jpeg|gif|webp));base64,/;
const checked = 32;

/** Throws where a file is not what it says. */
export function requireAttachments(attachments: readonly Attachment[]): void {
  for (const [at, file] of attachments.entries()) {
    if (file.type !== 'image') continue;
    const found = head.exec(file.url.slice(0, 64));
    const data = file.url.slice(found?.[0].length ?? 0);
    const begins = Buffer.from(data.slice(0, checked), 'base64');
    const isBase64 = /^[A-Za-z0-9+/]*={0,2}$/.test(data);
    if (found && isBase64 && signatures[found[1] ?? '']?.(begins)) continue;
    throw invalidField(`attachments.${at}.url`, say('notThatImage', { name: file.name }));
  }
}
