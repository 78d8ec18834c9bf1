import { table } from '../output.ts';
import type { Letter, Result } from './letters.ts';

/** Letters that a person looks through; the rest is counted. */
const MOST_ROWS = 60;
/** Subjects shown of a letter. */
const MOST_SUBJECTS = 3;

/** What is said where there is no letter to show or to do anything with. */
export const NONE_WAITS = 'No dead letter like that waits.';

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** How long ago, in the largest unit that fits: `3 d`, `5 h`, `12 min`, `40 s`. */
export function ageText(at: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? ['s', 1];
  return `${Math.floor(seconds / length)} ${unit}`;
}

/** The letters for people, and what can be done about them. */
export function letterTable(letters: readonly Letter[], now: number): string {
  if (letters.length === 0) return NONE_WAITS;
  const shown = letters.slice(0, MOST_ROWS);
  const rows = shown.map((letter) => [
    letter.kind,
    ...[letter.source, letter.cause].map(printable),
    ageText(letter.at, now),
    letter.records,
    subjectsText(letter.subjects),
    letter.id,
  ]);
  const more = letters.length - shown.length;
  return [
    table([['kind', 'source', 'cause', 'age', 'records', 'about', 'id'], ...rows]),
    ...(more > 0 ? [`  … and ${more} more (--json has all)`] : []),
    '',
    `${count(letters.length)}. See one: orders dlq show ID (a part that only one has is enough). Replay: orders dlq redrive ID… or --all`,
    ...unredrivable(letters),
  ].join('\n');
}

/** How many letters have the same kind, source or cause, the most first. */
export function countsBy(
  letters: readonly Letter[],
  by: 'kind' | 'source' | 'cause',
): Record<string, number | string>[] {
  const groups = Map.groupBy(letters, (letter) => letter[by]);
  return [...groups]
    .map(([value, same]) => ({ [by]: value, deadLetters: same.length }))
    .toSorted((a, b) => Number(b['deadLetters']) - Number(a['deadLetters']));
}

/** What became of the letters of one page, a line each. */
export function resultTable(results: readonly Result[]): string {
  return table(
    results.map(({ outcome, kind, source, id, why }) => [
      outcome,
      kind,
      ...[source, id, why ?? ''].map(printable),
    ]),
  );
}

/** How many letters came to which outcome. */
export function outcomesOf(results: readonly Pick<Result, 'outcome'>[]): Partial<Record<string, number>> {
  const groups = Map.groupBy(results, ({ outcome }) => outcome);
  return Object.fromEntries([...groups].map(([outcome, same]) => [outcome, same.length]));
}

/** The outcomes in one line: `12 redriven, 3 stay`. */
export function outcomesText(outcomes: Partial<Record<string, number>>): string {
  const parts = Object.entries(outcomes).map(
    ([outcome, n]) => `${n} ${outcome === 'stays' && n !== 1 ? 'stay' : outcome}`,
  );
  return parts.join(', ');
}

function subjectsText(subjects: readonly string[]): string {
  const more = subjects.length - MOST_SUBJECTS;
  const shown = subjects.slice(0, MOST_SUBJECTS).map(printable).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function unredrivable(letters: readonly Letter[]): string[] {
  const reasons = Map.groupBy(
    letters.filter(({ redrivable }) => redrivable !== true),
    ({ redrivable }) => String(redrivable),
  );
  return [...reasons].map(([why, same]) => `${same.length} cannot be redriven: ${printable(why)}`);
}

function count(letters: number): string {
  return letters === 1 ? '1 dead letter' : `${letters} dead letters`;
}

/** What a stranger may have written, without the characters that would steer a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
