import type { Attachment } from './types.ts';

const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const mostImageBytes = 5_000_000;
const mostTextBytes = 500_000;
const longestName = 256;

export interface Refused {
  name: string;
  why: 'imageTooLarge' | 'textTooLarge' | 'unreadable';
}

async function asUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read'));
    reader.readAsDataURL(file);
  });
}

async function readFile(file: File): Promise<Attachment | Refused['why']> {
  const name = file.name.slice(0, longestName);
  if (imageTypes.includes(file.type)) {
    return file.size > mostImageBytes ? 'imageTooLarge' : { type: 'image', name, url: await asUrl(file) };
  }
  if (file.size > mostTextBytes) return 'textTooLarge';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    // What holds a NUL is no text.
    return text.includes('\0') ? 'unreadable' : { type: 'text', name, text };
  } catch {
    return 'unreadable';
  }
}

/** Files as they go along with a message: images, and whatever is text. */
export async function readFiles(files: readonly File[]): Promise<{ attachments: Attachment[]; refused: Refused[] }> {
  const attachments: Attachment[] = [];
  const refused: Refused[] = [];
  for (const file of files) {
    const read = await readFile(file);
    if (typeof read === 'string') refused.push({ name: file.name, why: read });
    else attachments.push(read);
  }
  return { attachments, refused };
}
