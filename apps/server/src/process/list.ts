import { z } from 'zod';

/** A setting of several entries with commas between them; spaces around one, and empty ones, say nothing. */
export const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );
