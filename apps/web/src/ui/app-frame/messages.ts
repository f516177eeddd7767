import { z } from 'zod';

/** Messages of the `ui/` dialect (MCP Apps, 2026-01-26) that an app sends, by their shapes. */

export type Params = { [key: string]: unknown };

export const latestRevision = '2026-01-26';
/** Older ones differ in nothing that is used here. */
export const revisions: readonly string[] = [latestRevision, '2025-11-21'];

const AnyObject = z.record(z.string(), z.unknown());

export const Message = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string().max(128), z.number()]).optional(),
  method: z.string().max(128).optional(),
  params: AnyObject.optional(),
});

export const Initialize = z.object({ protocolVersion: z.string().max(32) });
export const CallTool = z.object({ name: z.string().min(1).max(256), arguments: AnyObject.default({}) });
export const ReadResource = z.object({ uri: z.string().min(1).max(2048) });
export const OpenLink = z.object({ url: z.string().max(2048) });
export const SizeChanged = z.object({ height: z.number().optional() });
export const Log = z.object({ level: z.string().max(16).default('info'), data: z.unknown() });

const Blocks = z.array(AnyObject).max(32);
export const SendMessage = z.object({
  role: z.literal('user'),
  // The document has one block, the official library a list.
  content: z.union([Blocks, AnyObject.transform((block) => [block])]),
});
export const ModelContext = z.object({ content: Blocks.optional(), structuredContent: AnyObject.optional() });
