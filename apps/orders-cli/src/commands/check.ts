import { everyChangeKept } from '../check/memory.ts';
import { readForCheck } from '../check/read.ts';
import { forbiddenMoves } from '../check/path.ts';
import { judgeLetters } from '../check/read-letters.ts';
import { readClaims, readMail, readMemory, readToldSales } from '../check/read-reactions.ts';
import { sumsAddUp } from '../check/sums.ts';
import { toldOnce } from '../check/told.ts';
import { moneyAndGoods, notChecked, oneEnd, stockAddsUp, type LawResult } from '../check/laws.ts';
import type { Command } from '../command.ts';
import { paint, printJson, say, sayWaiting, table } from '../output.ts';
import { openSession, type Session } from '../session.ts';
import { judgedFrom } from '../trace/trimmed.ts';

/** Violations shown of each law; the count is always whole. */
const EXAMPLES = 10;

/** `orders check`: do the laws hold? */
export const check: Command = {
  usage: 'check',
  summary:
    'Judges the laws by the tables, the ledger, the sales, the audit trail and the journal; exit 1 on any violation.',
  options: {},
  operands: { least: 0, most: 0 },
  async run(input) {
    const session = await openSession(input);
    try {
      if (session.own) say('It was just started, so there is nothing in it yet. Run npm start, then check.');
      await session.cloud.settled(input.signal, sayWaiting);
      const laws = await judge(session, input.signal);
      const violations = laws.reduce((sum, law) => sum + law.violations.length, 0);
      if (input.values['json'] === true) printJson({ violations, laws: laws.map(lawDocument) });
      else print(laws);
      return violations === 0 ? 0 : 1;
    } finally {
      await session.close();
    }
  },
};

/**
 * Every law of the design, judged where nothing is under way (the tables are read one after the other), or said to be not
 * checked.
 *
 * @param leftOut items of the orders table that are no orders, and known to be none.
 */
export async function judge(
  session: Session,
  signal: AbortSignal,
  leftOut: (orderId: string) => boolean = () => false,
): Promise<LawResult[]> {
  const { orders: all, ledger, stock, movements, underWay } = await readForCheck(session);
  const orders = all.filter(({ orderId }) => !leftOut(orderId));
  const order = await session.cloud.order();
  const trail = await readMemory(session, signal);
  const memory = everyChangeKept(trail);
  const moves = trail.flatMap((table) => (table.table === 'orders' ? forbiddenMoves(table, leftOut) : []));
  const { trimmed } = (await session.cloud.held()).journal;
  return [
    alsoBrokenBy(oneEnd(orders, underWay), moves),
    toldOnce(orders, await readMail(session), await readClaims(session)),
    alsoBrokenBy(moneyAndGoods(orders, ledger.rows), ledger.problems),
    alsoBrokenBy(stockAddsUp(stock.rows, movements.rows, orders), [...stock.problems, ...movements.problems]),
    {
      law: 4,
      name: 'Order',
      checked: order.checked,
      of: `deliveries of changes${judgedFrom(trimmed, 'deliveries', 'changes')}`,
      violations: order.violations,
    },
    sumsAddUp(orders, await readToldSales(session, signal)),
    { ...memory, of: `${memory.of}${judgedFrom(trimmed, 'changes')}` },
    await judgeLetters(session, signal),
    notChecked(8, 'Least privilege', 'it is judged on the stack, by the tests of infra'),
  ];
}

function alsoBrokenBy(law: LawResult, problems: readonly string[]): LawResult {
  return { ...law, violations: [...problems, ...law.violations] };
}

function lawDocument(law: LawResult) {
  return {
    law: law.law,
    name: law.name,
    checked: law.checked ?? null,
    of: law.of,
    violations: law.violations.length,
    examples: law.violations.slice(0, EXAMPLES),
  };
}

function print(laws: readonly LawResult[]): void {
  const rows = laws.map((law) => {
    const looked = law.checked === undefined ? `not checked: ${law.of}` : `${law.checked} ${law.of}`;
    const verdict =
      law.checked === undefined
        ? '–'
        : law.violations.length === 0
          ? 'holds'
          : `${law.violations.length} violations`;
    return [`law ${law.law}`, law.name, verdict, looked];
  });
  process.stdout.write(`${table(rows)}\n`);
  for (const law of laws) {
    for (const violation of law.violations.slice(0, EXAMPLES)) {
      process.stdout.write(`${paint('red', `law ${law.law}: ${violation}`)}\n`);
    }
  }
}
