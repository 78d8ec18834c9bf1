import { SearchError } from './errors.ts';
import { isObject, textOf, type Json } from './json.ts';

/** Settings that are taken and change nothing here: there is one shard, and what is written is found at once. */
const INERT = ['number_of_shards', 'number_of_replicas', 'refresh_interval', 'auto_expand_replicas'];

/**
 * Reads the settings of an index, with or without `index.` before their names.
 *
 * @returns as they are answered: without the prefix, values as strings.
 * @throws illegal_argument_exception naming a setting that is not run here.
 */
export function readSettings(given: unknown): Json {
  if (given === undefined) return {};
  if (!isObject(given)) throw unknown('settings');
  const { index = {}, ...outer } = given;
  if (!isObject(index)) throw unknown('index');
  const settings = Object.entries({ ...outer, ...index }).map(([name, value]) => {
    const bare = name.replace(/^index\./, '');
    if (!INERT.includes(bare)) throw unknown(`index.${bare}`);
    return [bare, textOf(value)];
  });
  return Object.fromEntries(settings);
}

function unknown(name: string): SearchError {
  return new SearchError(
    'illegal_argument_exception',
    `unknown setting [${name}] please check that any required plugins are installed, or check the breaking changes ` +
      `documentation for removed settings. Here there are ${INERT.join(', ')}`,
  );
}
