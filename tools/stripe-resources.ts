import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Plugin } from 'esbuild';

/** What our sources use of Stripe's API. */
const USED = ['PaymentIntents.js', 'Refunds.js'];

/** A file for each resource, and what takes in webhooks, of which there are none here. */
const CLASSES = /\/stripe\/esm\/(resources\/.+|StripeEventNotificationHandler)\.js$/;

/**
 * Leaves out of a bundle what it does not use of the `stripe` library, whose client makes every resource of the API at its
 * start: 180 KB of classes with a method an endpoint. Each of the others becomes an empty class of the same name, so that a
 * use of one that is not in the list above fails at once: it is no function.
 */
export const usedStripeResources: Plugin = {
  name: 'used-stripe-resources',
  setup(build) {
    build.onLoad({ filter: CLASSES }, async ({ path }) => {
      if (USED.includes(basename(path)) && /\/resources\/[^/]+$/.test(path)) return undefined;
      const classes = (await readFile(path, 'utf8')).matchAll(/^export class (\w+)/gm);
      return { contents: [...classes].map(([, name]) => `export class ${name} {}`).join('\n') };
    });
  },
};
