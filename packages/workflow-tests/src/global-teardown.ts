import { stopEngine } from './global-setup.ts';

/** After all tests (Jest wants a default export). */
export default stopEngine;
