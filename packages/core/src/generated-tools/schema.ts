import { z } from 'zod';
import { NoNul } from '../servers/fields.ts';
import type { TextDiff } from '../versions/schema.ts';
import { badPath, mainOf, mainStems, type ToolFile } from './files.ts';

export { languageOf, mainOf, type ToolFile, type ToolLanguage } from './files.ts';

export const mostFiles = 64;
const mostFileLength = 262_144;
const mostLength = 1_048_576;
const mostDependencies = 100;

/** A name of a package with its version, as package managers take it; no option, address or path. */
const dependency = /^[A-Za-z0-9@][A-Za-z0-9@._/[\],<>=!~^*+-]{0,199}$/;

/** Names of generated tools, which are names of folders for programs that make them. */
export const ToolName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, '_' or '-'");

const Text = NoNul(mostFileLength).refine((text) => text.isWellFormed(), 'must be text of whole characters');

/** By path. */
export const ToolFiles = z
  .record(z.string(), Text)
  // Checked before each of them.
  .refine((files) => Object.keys(files).length <= mostFiles, {
    error: `must be at most ${mostFiles} files`,
    abort: true,
  })
  .superRefine((files, issues) => {
    const paths = Object.keys(files);
    for (const path of paths) {
      const message = badPath(path, paths);
      if (message !== null) issues.addIssue({ code: 'custom', message });
    }
    const length = Object.values(files).reduce((sum, text) => sum + text.length, 0);
    if (length > mostLength)
      issues.addIssue({ code: 'custom', message: `must be at most ${mostLength} characters in all` });
    if (mainOf(paths) === null) {
      issues.addIssue({
        code: 'custom',
        message: `must have a main file: ${mainStems.join(', ')} with .py, .ts or .js`,
      });
    }
  });

/** Separated by blanks. */
export const Dependencies = NoNul(8_192).superRefine((text, issues) => {
  const words = wordsOf(text);
  const odd = words.find((word) => !dependency.test(word));
  if (odd !== undefined) {
    issues.addIssue({
      code: 'custom',
      message: `"${odd.slice(0, 200)}" must be a name of a package, as requests==2.28.0`,
    });
  }
  if (words.length > mostDependencies) {
    issues.addIssue({ code: 'custom', message: `must be at most ${mostDependencies} packages` });
  }
});

/** The packages that a text of dependencies names. */
export function wordsOf(dependencies: string): string[] {
  return dependencies.split(/\s+/).filter((word) => word !== '');
}

export const RegisterGeneratedTool = z.object({
  folderName: ToolName,
  scriptFiles: ToolFiles,
  readme: Text,
  dependencies: Dependencies,
  /** A name that is taken gets the first number that is free, as `weather_1`; else it is refused. */
  numbered: z.boolean().default(false),
});
export type RegisterGeneratedTool = z.input<typeof RegisterGeneratedTool>;

const ToolRef = z.string().min(1).max(256);
export const ByTool = z.object({ id: ToolRef });

/** Missing fields keep their value; `files` are replaced whole. */
export const ChangeTool = z.object({
  id: ToolRef,
  files: ToolFiles.optional(),
  readme: Text.optional(),
  dependencies: Dependencies.optional(),
});

/** `api.example.com`, `*.example.com`, with `:port` where it is neither 443 nor 80; no address, which would lead past the check of names. */
const Host = z
  .string()
  .max(253)
  .regex(
    /^(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+(?::\d{1,5})?$/,
    'must be a name of a host, as api.example.com',
  )
  .refine((host) => /\.[A-Za-z][A-Za-z0-9-]*(?::\d+)?$/.test(host), 'must be a name, not an address');

export const EnableTool = z.object({
  id: ToolRef,
  /** Of the reviewed content: content that changed meanwhile is not enabled. */
  hash: z.string().length(64),
  /** The hosts that the tool may reach. */
  hosts: z.array(Host).max(32).default([]),
});

/** The content of a generated tool. */
export interface ToolContent {
  files: ToolFile[];
  readme: string;
  dependencies: string;
}

export interface ReviewedTool extends ToolContent {
  hash: string;
  hosts: string[];
}

/** An MCP server that a model wrote, as an actor sees it. */
export interface GeneratedTool {
  /** The id of its server. */
  id: string;
  name: string;
  description: string;
  state: 'disabled' | 'enabled';
  /** Whether what it is made of now was reviewed. */
  reviewed: boolean;
  hash: string;
  /** The hosts that the tool may reach while it is enabled. */
  hosts: string[];
  dependencies: string[];
  reviewedAt: Date | null;
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
  can: {
    /** May read and change its files. */
    configure: boolean;
    /** May enable it, which runs what a model wrote. */
    enable: boolean;
  };
}

export interface ToolChange {
  path: string;
  change: 'added' | 'changed' | 'removed';
  /** Of a file that was changed; null where it is more than can be compared. */
  diff: TextDiff | null;
}

export interface ToolChanges {
  files: ToolChange[];
  readme: boolean;
  dependencies: boolean;
}

export interface GeneratedToolDetail extends Omit<GeneratedTool, 'dependencies'>, ToolContent {
  main: string;
  /** The content that was reviewed last; null for none. */
  before: ReviewedTool | null;
  /** The difference from that content. */
  changes: ToolChanges;
}
