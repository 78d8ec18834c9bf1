/** One suite at a time: those that run the whole stack would only slow each other down. */
export default { preset: '../../tools/jest-preset.mjs', maxWorkers: 1 };
