import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** A change of one source on its way into a bundle. */
interface Edit {
  /** Absolute path of the source. */
  readonly file: string;
  /** Stands in it exactly once. */
  readonly find: string;
  readonly replace: string;
}

/**
 * Makes the edit that a JSON file holds while esbuild reads the sources. The build fails unless the text is found exactly
 * once, in a source that belongs to the bundle: an edit that changes nothing would prove nothing.
 */
export async function editing(editFile: string): Promise<Plugin> {
  const { file, find, replace } = JSON.parse(await readFile(editFile, 'utf8')) as Edit;
  return {
    name: 'edit',
    setup(build) {
      let edited = false;
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path !== file) return undefined;
        const parts = (await readFile(path, 'utf8')).split(find);
        if (parts.length !== 2)
          return {
            errors: [
              { text: `${JSON.stringify(find)} stands ${parts.length - 1} times in ${file}, not once` },
            ],
          };
        edited = true;
        return { contents: parts.join(replace), loader: 'ts' };
      });
      build.onEnd(() => {
        if (edited) return {};
        const text = `${file} is no source of this bundle`;
        // What is wrong at the end, esbuild does not say itself.
        console.error(text);
        return { errors: [{ text }] };
      });
    },
  };
}
