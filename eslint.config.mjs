import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which room may use which: arrows point one way (apps → lambda-kit → domain). */
const depConstraints = [
  { sourceTag: 'scope:domain', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:lambda-kit', onlyDependOnLibsWithTags: ['scope:domain'] },
  // Tests alone may use the test kit: what is in a bundle is measured.
  {
    sourceTag: 'scope:app',
    onlyDependOnLibsWithTags: ['scope:lambda-kit', 'scope:domain', 'scope:test-kit'],
  },
  { sourceTag: 'scope:test-kit', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:local-cloud', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:infra', onlyDependOnLibsWithTags: ['scope:domain'] },
  { sourceTag: 'scope:cli', onlyDependOnLibsWithTags: ['scope:domain', 'scope:local-cloud'] },
  { sourceTag: 'scope:tests', onlyDependOnLibsWithTags: ['*'] },
];

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/cdktf.out', '**/.nx', '**/node_modules'] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { depConstraints, allow: [] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-extraneous-class': 'off',
      eqeqeq: 'error',
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.test.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  prettier,
);
