import type { ContentBlock } from '@modelcontextprotocol/server';

/** One red pixel. */
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** A WAV file with a header and no samples. */
export const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

export function text(value: string): ContentBlock {
  return { type: 'text', text: value };
}

export function image(): ContentBlock {
  return { type: 'image', data: png, mimeType: 'image/png' };
}

export function embedded(uri: string, mimeType: string, value: string): ContentBlock {
  return {
    type: 'resource',
    resource: { uri, mimeType, text: value },
  };
}

/** Resolves after `ms`, or as soon as the call is cancelled. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
