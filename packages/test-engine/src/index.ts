export { describeAgainstEngine, describeOnTables, Engine, engineBinary } from './engine.ts';
