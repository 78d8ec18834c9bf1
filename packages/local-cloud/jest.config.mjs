/** Tests that need a program of the system are run by `jest.redis.config.mjs` alone. */
export default {
  preset: '../../tools/jest-preset.mjs',
  testPathIgnorePatterns: ['/node_modules/', '\\.redis\\.test\\.ts$'],
};
