import type { Command } from '../command.ts';
import { switchDispatching } from '../dispatching.ts';
import { printJson } from '../output.ts';
import { openStaffApi, TARGET_OPTIONS } from '../staff-api.ts';

/** `orders resume`: dispatching goes on where it was paused. */
export const resume: Command = {
  usage: 'resume',
  summary: 'Starts dispatching again where it was paused.',
  options: TARGET_OPTIONS,
  operands: { least: 0, most: 0 },
  async run(input) {
    const dispatching = await switchDispatching(await openStaffApi(input), false, input.signal);
    if (input.values['json'] === true) printJson(dispatching);
    else {
      const tables = dispatching.mappings.map(({ table }) => table).join(', ');
      process.stdout.write(`Dispatching: changes of ${tables} are handled from where they were paused.\n`);
    }
    return 0;
  },
};
