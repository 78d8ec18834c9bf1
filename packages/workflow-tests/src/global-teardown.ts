import { stopEngine } from './engine.ts';

/** After all tests (Jest wants a default export). */
export default stopEngine;
