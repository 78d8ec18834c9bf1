export { describeOnTables, Engine, engineBinary } from './engine.ts';
