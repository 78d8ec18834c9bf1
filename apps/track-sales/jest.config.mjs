export default {
  preset: '../../tools/jest-preset.mjs',
  setupFiles: ['./src/testing/environment.ts'],
};
