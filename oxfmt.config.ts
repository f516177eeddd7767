import { defineConfig } from 'oxfmt';

export default defineConfig({
  printWidth: 120,
  singleQuote: true,
  // Node's own, packages, ours; then this package's files.
  sortImports: {
    groups: ['builtin', 'external', ['internal', 'subpath'], ['parent', 'sibling', 'index'], 'style', 'unknown'],
    internalPattern: ['@switchboard/'],
    newlinesBetween: false,
  },
  ignorePatterns: ['**/dist/**', '**/migrations/**', 'package-lock.json', '**/*.gen.ts', '*.md', '**/*.md'],
});
