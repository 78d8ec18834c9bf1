export default { preset: '../../tools/jest-preset.mjs' };
