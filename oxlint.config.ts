import { defineConfig } from 'oxlint';

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node', 'react', 'jsx-a11y', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['**/dist/**', '**/*.gen.ts', '**/migrations/**'],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    // Types count: who is read with whom is a circle, whatever is left of it at run time.
    'import/no-cycle': ['error', { ignoreTypes: false }],
    // One import per module; names that are types only say so.
    'import/no-duplicates': ['error', { preferInline: true }],
    // Functions are declarations, nested ones too; a const whose type is written down is a value that happens to be one.
    'func-style': ['error', 'declaration', { allowTypeAnnotation: true }],
    'import/no-default-export': 'error',
    'no-console': 'error',
    'node/no-process-env': 'error',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    // The compiler checks that every path of a typed function returns.
    'typescript/consistent-return': 'off',
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'react/react-in-jsx-scope': 'off',
    'promise/always-return': 'off',
    // Transports of the MCP SDK have on-functions only.
    'unicorn/prefer-add-event-listener': 'off',
    'jsx-a11y/prefer-tag-over-role': 'off',
    'jsx-a11y/no-autofocus': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    // Methods of our factories are closures: taking one off its object is fine.
    'typescript/unbound-method': 'off',
    'vitest/require-mock-type-parameters': 'off',
    'vitest/expect-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/no-conditional-tests': 'off',
    'vitest/valid-title': 'off',
    'vitest/no-disabled-tests': 'off',
    'vitest/no-standalone-expect': 'off',
    'vitest/require-to-throw-message': 'off',
    'vitest/hoisted-apis-on-top': 'off',
  },
  overrides: [
    {
      files: [
        'scripts/**',
        'tests/**',
        '**/*.test.ts',
        '**/*.test.tsx',
        '**/testing.ts',
        '**/testing-{place,setup}.ts',
        'apps/server/src/config.ts',
      ],
      rules: { 'node/no-process-env': 'off' },
    },
    {
      files: ['scripts/**', 'tests/**', 'apps/server/src/main.ts', 'apps/server/src/bridge.ts'],
      rules: { 'no-console': 'off' },
    },
    {
      files: ['tests/**', '**/*.test.ts'],
      rules: {
        // JSON Schema has a keyword of this name.
        'unicorn/no-thenable': 'off',
        'typescript/no-base-to-string': 'off',
      },
    },
    {
      files: ['*.config.ts', '**/*.config.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
});
