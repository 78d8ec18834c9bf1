export { compilePattern } from './bus/pattern.ts';
export { LocalCloud, type LocalCloudOptions } from './cloud.ts';
export { MovableClock, type Clock } from './clock.ts';
export { CaseFileError, type CaseResult } from './conformance/case-result.ts';
export { runPatternCases } from './conformance/pattern-cases.ts';
export { runStreamCases } from './conformance/stream-cases.ts';
export { freePort } from './free-port.ts';
export { readStack } from './stack/read.ts';
export type { Stack } from './stack/model.ts';
