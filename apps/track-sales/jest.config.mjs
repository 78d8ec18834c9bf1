export default {
  preset: '../../tools/jest-preset.mjs',
  setupFiles: ['./src/testing/environment.ts'],
  testTimeout: 60_000,
};
