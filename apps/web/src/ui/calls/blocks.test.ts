import { describe, expect, it } from 'vitest';
import { imageSource, toBlock } from './blocks.ts';

describe('toBlock', () => {
  it('shows known images and nothing that only claims to be one', () => {
    expect(toBlock({ type: 'image', data: 'aGk=', mimeType: 'image/png' })).toMatchObject({ kind: 'image', size: 2 });
    expect(toBlock({ type: 'image', data: 'aGk=', mimeType: 'text/html' }).kind).toBe('other');
    expect(toBlock({ type: 'image', data: '"><script>', mimeType: 'image/png' }).kind).toBe('other');
  });

  it('keeps what it does not know as it is', () => {
    const strange = { type: 'hologram', data: 1 };
    expect(toBlock(strange)).toEqual({ kind: 'other', value: strange });
    expect(toBlock(null)).toEqual({ kind: 'other', value: null });
  });

  it('names a link by its title', () => {
    expect(toBlock({ type: 'resource_link', uri: 'a://b', name: 'b', title: 'B' })).toMatchObject({ name: 'B' });
  });
});

it('makes an image only of image types', () => {
  expect(imageSource('aGk=', 'application/pdf')).toBeNull();
});
