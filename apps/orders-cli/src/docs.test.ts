import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { capacityPage } from './capacity/page.ts';
import type { Command } from './command.ts';
import { HOT_SHARE } from './commands/capacity.ts';
import { costPage } from './cost/page.ts';
import { readRecording } from './cost/recording.ts';
import { ROOT } from './prepare.ts';

it.each([
  ['docs/cost.md', () => costPage(readRecording('standard'), readRecording('free-tier'))],
  ['docs/capacity.md', () => capacityPage(readRecording('standard'), HOT_SHARE)],
])('%s is up to date (npm run docs writes it)', (file, page) => {
  expect(readFileSync(join(ROOT, file), 'utf8')).toBe(page());
});

describe('the runbooks', () => {
  const folder = join(ROOT, 'docs/operating');
  const lines = readdirSync(folder).flatMap((page) =>
    [...readFileSync(join(folder, page), 'utf8').matchAll(/npm run orders -- ([^`\n]+)/g)].map(
      ([, line = '']) => [page, line.split(/ +/)] as const,
    ),
  );

  it.each(lines)('%s gives a command that there is: orders %j', async (_, [name = '', ...given]) => {
    expect(existsSync(join(import.meta.dirname, `commands/${name}.ts`)) ? name : 'none').toBe(name);
    const { [name]: command }: Readonly<Record<string, Command>> = await import(`./commands/${name}.ts`);
    const { usage = '', options: own = {}, operands = { least: 0, most: 0 } } = command ?? {};
    // Every command takes it.
    const options = { ...own, target: { type: 'string' as const } };

    const { positionals } = parseArgs({ args: given, options, allowPositionals: true });

    expect(positionals.length).toBeGreaterThanOrEqual(operands.least);
    expect(positionals.length).toBeLessThanOrEqual(operands.most);
    const verbs = usage.split(' ')[1]?.split('|') ?? [];
    if (verbs.length > 1) expect(verbs).toContain(positionals[0]);
  });
});
