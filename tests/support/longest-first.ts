import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import seconds from '../seconds.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '../..');
const known: Readonly<Record<string, number>> = seconds;

function secondsOf({ moduleId }: TestSpecification): number {
  return known[path.relative(root, moduleId).split(path.sep).join('/')] ?? 0;
}

/** True for a file whose first line asks for a document. */
function wantsDocument({ moduleId }: TestSpecification): boolean {
  return readFileSync(moduleId, 'utf8').startsWith('// @vitest-environment');
}

/**
 * Starts the files that take longest first (`tests/seconds.json`), so that no worker is left with a long file when the
 * others have none. The files of a suite stay together, and so do those that want a document: Vitest ends a worker when
 * the next file is of another suite or environment, and a new one loads everything anew.
 */
export function longestFirst(suites: readonly string[]) {
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const documents = new Set(files.filter(wantsDocument));
      const bySize = await super.sort(files);
      return bySize.toSorted(
        (a, b) =>
          suites.indexOf(a.project.name) - suites.indexOf(b.project.name) ||
          Number(documents.has(a)) - Number(documents.has(b)) ||
          secondsOf(b) - secondsOf(a),
      );
    }
  };
}
