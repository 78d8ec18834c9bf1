/** Tests that need a valkey-server or redis-server on the PATH (`apt-get install redis-server`). */
export default { preset: '../../tools/jest-preset.mjs', testMatch: ['<rootDir>/src/**/*.redis.test.ts'] };
