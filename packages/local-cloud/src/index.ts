export { compilePattern } from './bus/pattern.ts';
export { LocalCloud, type LocalCloudOptions } from './cloud.ts';
export { MovableClock, type Clock } from './clock.ts';
export { freePort } from './free-port.ts';
export { readStack } from './stack/read.ts';
export type { Stack } from './stack/model.ts';
