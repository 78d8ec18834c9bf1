/** Dependencies that ship as ESM only: jest runs CommonJS, so they are transformed like our own sources. */
const ESM_ONLY = 'fauxqs|cookie|jose|tinyqueue';

const swc = (parser) => [
  '@swc/jest',
  { jsc: { target: 'es2023', parser: { syntax: parser } }, module: { type: 'commonjs' } },
];

/** What every project's tests run under: TypeScript through swc, straight from the sources. */
export default {
  testEnvironment: 'node',
  // No test measures time: this only ends one that hangs, also on a busy machine.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'json'],
  transform: {
    '^.+\\.ts$': swc('typescript'),
    [`/node_modules/(${ESM_ONLY})/.+\\.js$`]: swc('ecmascript'),
  },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_ONLY})/)`],
};
