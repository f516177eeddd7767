import { z } from 'zod';

const text = z.string().optional().catch(undefined);

export const StacksSearch = z.object({ q: text });
export const StackLogsSearch = z.object({ service: text, q: text });
