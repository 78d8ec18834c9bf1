import type { Stack } from '@orderstream/local-cloud';
import { markdownTable } from '../markdown.ts';
import { WHAT_RINGS, withoutPrefix } from './what-rings.ts';

/** Where the page is, in the workspace. */
export const PAGE = 'docs/operating/alarms.md';

type AlarmOfStack = Pick<Stack['alarms'][number], 'name' | 'description'>;

/** `docs/operating/alarms.md`: each alarm, what it tells, what makes it ring in the local cloud, and its runbook. */
export function alarmsPage(alarms: readonly AlarmOfStack[]): string {
  const rows = alarms
    .map(({ name, description }) => {
      const short = withoutPrefix(name);
      const [, what = description, runbook = ''] = /^(.*) Runbook: (\S+)$/s.exec(description) ?? [];
      const how = WHAT_RINGS.find((row) => row.alarms.includes(short))?.how ?? '';
      const file = runbook.slice(runbook.lastIndexOf('/') + 1);
      return [`\`${short}\``, what, how, `[${file.replace(/\.md$/, '')}](${file})`];
    })
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return `# Alarms

Made by \`node apps/orders-cli/src/write-alarms.ts\`; alarms.e2e.test.ts has each of them ring as it is said here.

The alarms of the stack as it is deployed by default (preset \`standard\`); their names begin with that of the environment. In the local cloud, \`orders status\` tells those that ring, \`/_local/alarms\` all of them, and faults are injected with \`npm start -- --faults\` (docs/faults.md). The budget is not among them: nothing is billed here.

${markdownTable([['alarm', 'tells', 'rings in the local cloud when', 'runbook'], ...rows])}
`;
}
