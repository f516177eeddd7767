import { defineConfig } from 'oxfmt';

export default defineConfig({
  printWidth: 120,
  singleQuote: true,
  ignorePatterns: ['**/dist/**', '**/migrations/**', 'package-lock.json', '**/*.gen.ts', '*.md', '**/*.md'],
});
