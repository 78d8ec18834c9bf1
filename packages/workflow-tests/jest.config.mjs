export default {
  preset: '../../tools/jest-preset.mjs',
  globalSetup: './src/global-setup.ts',
  globalTeardown: './src/global-teardown.ts',
};
