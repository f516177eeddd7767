import { z } from 'zod';
import type { Reason } from '@switchboard/mcp-runtime/types';
import type { NamedTools } from './configs/tools.ts';
import type { ServerKind } from './kinds/kind.ts';

export const ImportConfig = z.object({
  text: z.string().max(2_000_000, 'must be at most 2 MB'),
  /** false = only say what would happen. */
  apply: z.boolean().default(false),
  onConflict: z.enum(['skip', 'replace']).default('skip'),
  /** Entries that call `docker run` become container servers of the hub. */
  containers: z.boolean().default(false),
  /** Only these names of the config. */
  only: z.array(z.string()).optional(),
  /** Values for VS Code's `${input:id}`. */
  inputs: z.record(z.string(), z.string()).default({}),
  /** Ids for entries whose own is taken, by their names in the config. */
  ids: z.record(z.string(), z.string()).default({}),
});
export const ExportConfig = z.object({ ids: z.array(z.string()).optional() });

/** `owner`: id or name of the account that gets it. */
export const GiveServer = z.object({ id: z.string().min(1).max(256), owner: z.string().min(1).max(256) });

export interface ImportEntry {
  /** The key in the config. */
  name: string;
  /** The slug it gets. */
  id: string | null;
  kind: ServerKind | null;
  action: 'create' | 'replace' | 'skip' | 'error';
  /** Why it is skipped or wrong. */
  reason: string | null;
  /** The same as a code, where it has one. */
  why: Reason | null;
  /** Another id makes it possible. */
  taken: boolean;
  /** It is off in the config, and will be here. */
  disabled: boolean;
  /** It calls `docker run` in a way that the hub can do itself. */
  docker: boolean;
  /** Names that still need a value; those the config asks for as `input:` and their id. */
  missing: string[];
  /** A file of variables that it mentions, which is not read. */
  envFile: string | null;
  /** Tools that the entry leaves on: the server is added with these switches. */
  tools: NamedTools;
  /** Keys of the entry that nothing is made of, dotted where they lie deeper. */
  ignored: string[];
  /** Places, such as `env.TOKEN`, where its client would put in something that the hub takes as it is written. */
  literal: string[];
}

/** A value that VS Code's config asks for. */
export interface ConfigInput {
  id: string;
  description: string;
  password: boolean;
  /** The default; empty where a value is required. */
  usual: string;
  /** The values to choose from; empty where any text is allowed. */
  options: string[];
}

export interface ImportResult {
  applied: boolean;
  entries: ImportEntry[];
  /** Every value that the entries ask for, given or not. */
  inputs: ConfigInput[];
}

/** The `mcpServers` JSON that clients read; secrets are written as `${NAME}`. */
export interface ExportedConfig {
  mcpServers: Record<string, { [key: string]: unknown }>;
}
