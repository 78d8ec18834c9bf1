import type { Command } from '../command.ts';
import { switchDispatching } from '../dispatching.ts';
import { printJson } from '../output.ts';
import { openStaffApi, TARGET_OPTIONS } from '../staff-api.ts';

/** `orders pause`: changes wait in their streams until `orders resume`. */
export const pause: Command = {
  usage: 'pause',
  summary: 'Stops dispatching: changes wait in their streams, for up to 24 hours, and no position is lost.',
  options: TARGET_OPTIONS,
  operands: { least: 0, most: 0 },
  async run(input) {
    const dispatching = await switchDispatching(await openStaffApi(input), true, input.signal);
    if (input.values['json'] === true) printJson(dispatching);
    else {
      const tables = dispatching.mappings.map(({ table }) => table).join(', ');
      // What is older than the mappings' maximum age when they start again, Lambda gives up.
      process.stdout.write(
        `Paused: changes of ${tables} wait. Start again within six hours: orders resume. What has waited for longer becomes dead letters, which can be redriven; what has waited for 24 hours is gone from its stream without one. Meanwhile sweep-orders starts none either.\n`,
      );
    }
    return 0;
  },
};
