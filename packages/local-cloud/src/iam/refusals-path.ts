import { localJson, type LocalHandler } from '../endpoint/local-paths.ts';
import type { Journal } from '../journal/journal.ts';
import type { Iam } from './iam.ts';

/** Refusals that are told at once, the newest of them. */
const MOST = 1_000;

/**
 * `/_local/refusals`: what the policies refused, the newest first, each with the statement that would have allowed it, and
 * how often in all; `/_local/refusals/grants`: every granted action on every resource, and the
 * first call that would be refused without it.
 */
export function refusalsPath(journal: Journal, iam: Iam | undefined): LocalHandler {
  return async ({ path }) => {
    if (path === '/grants') return localJson({ grants: iam?.grants() ?? [] });
    const count = Number(journal.get('SELECT count(*) AS count FROM refusals')?.['count']);
    const rows = journal.rows('refusals', 'ORDER BY rowid DESC LIMIT ?', MOST);
    const refusals = rows.map(({ statement, ...row }) => ({
      ...row,
      statement: statement === '' ? null : JSON.parse(statement),
    }));
    return localJson({ iam: iam ? 'enforce' : 'off', count, refusals });
  };
}
