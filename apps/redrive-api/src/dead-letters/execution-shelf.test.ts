import { AwsRefusal } from '../aws-call.ts';
import { DEPLOYMENT } from './testing/memory.ts';
import { ExecutionShelf, type States } from './execution-shelf.ts';
import { letterId } from './letter-id.ts';
import type { Wanted, Waiting } from './letter.ts';

const NOW = Date.parse('2026-02-01T00:00:00Z');
const EXECUTIONS = DEPLOYMENT.workflowArn.replace(':stateMachine:', ':execution:');

interface Ended {
  readonly name: string;
  readonly status: string;
  /** Seconds before now. */
  readonly began: number;
}

/** Step Functions with these executions, two on a page. */
class MemoryStates {
  readonly executions: Ended[] = [];
  readonly asked: { operation: string; members: object }[] = [];
  /** Whether those that began at once come in another order each time. */
  shuffles = false;
  #ties = 1;
  /** Thrown at a redrive. */
  refusal: Error | undefined;

  readonly ask: States = async (operation, members) => {
    this.asked.push({ operation, members });
    const { statusFilter, nextToken = '0', executionArn } = members as Record<string, string>;
    if (operation === 'ListExecutions') {
      if (this.shuffles && nextToken === '0') this.#ties *= -1;
      const all = this.executions
        .filter(({ status }) => status === statusFilter)
        .sort((a, b) => a.began - b.began || (a.name < b.name ? this.#ties : -this.#ties));
      const end = Number(nextToken) + 2;
      const page = all.slice(Number(nextToken), end).map((one) => described(one));
      return { executions: page, ...(end < all.length && { nextToken: String(end) }) };
    }
    if (operation === 'RedriveExecution' && this.refusal) throw this.refusal;
    const found = this.executions.find(({ name }) => `${EXECUTIONS}:${name}` === executionArn);
    if (found === undefined) throw refusal('ExecutionDoesNotExist', 'It does not exist.');
    return described(found);
  };

  redriven(): unknown[] {
    return this.asked
      .filter(({ operation }) => operation === 'RedriveExecution')
      .map(({ members }) => members);
  }
}

function described({ name, status, began }: Ended) {
  const startDate = NOW / 1_000 - began;
  const executionArn = `${EXECUTIONS}:${name}`;
  return { executionArn, name, status, startDate, stopDate: startDate + 1, redriveStatus: 'REDRIVABLE' };
}

function refusal(code: string, message: string): AwsRefusal {
  return new AwsRefusal('RedriveExecution', 400, JSON.stringify({ __type: code, message }));
}

let states: MemoryStates;
let statuses: Map<string, string>;
let shelf: ExecutionShelf;
beforeEach(() => {
  states = new MemoryStates();
  statuses = new Map();
  shelf = new ExecutionShelf({
    states: states.ask,
    workflowArn: DEPLOYMENT.workflowArn,
    statusOf: async (orderId) => statuses.get(orderId) ?? 'PAID',
    now: () => NOW,
  });
});

const failed = (name: string, began: number, status = 'FAILED') =>
  states.executions.push({ name, status, began });

async function walk(wanted: Wanted = {}): Promise<Waiting[]> {
  const found: Waiting[] = [];
  for await (const { waiting } of shelf.walk(wanted)) found.push(...waiting);
  return found;
}

const namesOf = (waiting: readonly Waiting[]) =>
  waiting.map(({ letter }) => letter.id.slice('execution.'.length));

describe('failed executions', () => {
  beforeEach(() => {
    failed('o-1', 50);
    failed('o-2', 40);
    failed('o-3', 40);
    failed('o-4', 10);
    failed('o-5', 20, 'TIMED_OUT');
    failed('o-6', 30, 'ABORTED');
    failed('o-7', 5, 'SUCCEEDED');
  });

  it('are found on all pages of all three ends, the newest of each first', async () => {
    expect(namesOf(await walk())).toEqual(['o-4', 'o-3', 'o-2', 'o-1', 'o-5', 'o-6']);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'go on behind the position of number %i, none left out or told twice, in whatever order they began at once',
    async (number) => {
      states.shuffles = true;
      const all = await walk();

      const others = await walk({ after: all[number - 1]!.position });

      const names = [...namesOf(all).slice(0, number), ...namesOf(others)];
      expect(names.sort()).toEqual(namesOf(all).sort());
    },
  );

  it('go on at the same place when new ones came and old ones went meanwhile', async () => {
    const [, second] = await walk();
    failed('o-8', 1);
    states.executions.splice(0, 1);

    expect(namesOf(await walk({ after: second!.position }))).toEqual(['o-2', 'o-5', 'o-6']);
  });

  it('that nothing waits for any more cost no description, and the walk comes further all the same', async () => {
    for (const orderId of ['o-1', 'o-2', 'o-3', 'o-4']) statuses.set(orderId, 'SHIPPED');
    const positions: string[] = [];

    for await (const { waiting, position } of shelf.walk({})) {
      if (waiting.length === 0) positions.push(position);
    }

    expect(positions).toHaveLength(4);
    expect(states.asked.filter(({ operation }) => operation === 'DescribeExecution')).toHaveLength(2);
    expect(namesOf(await walk({ after: positions[3]! }))).toEqual(['o-5', 'o-6']);
  });

  it('are left out when their order came to another end', async () => {
    for (const [orderId, status] of [
      ['o-2', 'SHIPPED'],
      ['o-5', 'CANCELLED'],
    ] as const)
      statuses.set(orderId, status);

    expect(namesOf(await walk())).toEqual(['o-4', 'o-3', 'o-1', 'o-6']);
  });

  it('are asked for by their ids without a listing; what is gone, or succeeded, is none', async () => {
    const ids = ['o-6', 'o-1', 'o-7', 'o-9'].map((name) => letterId('execution', [name]));

    expect(namesOf(await walk({ ids }))).toEqual(['o-1', 'o-6']);
    expect(namesOf(await walk({ ids, after: JSON.stringify(ids[1]) }))).toEqual(['o-6']);
    expect(states.asked.map(({ operation }) => operation)).not.toContain('ListExecutions');
  });
});

describe('a failed execution', () => {
  beforeEach(() => failed('o-1', 50));

  it('goes on from where it failed', async () => {
    const [waiting] = await walk();

    expect(await waiting!.redrive()).toBeUndefined();
    expect(states.redriven()).toEqual([{ executionArn: `${EXECUTIONS}:o-1` }]);
  });

  it('that Step Functions refuses stays, with the words of Step Functions', async () => {
    states.refusal = refusal('ExecutionNotRedrivable', 'Too many events.');
    const [waiting] = await walk();

    expect(await waiting!.redrive()).toBe('RedriveExecution: Too many events.');
  });

  it('breaks off where nobody knows whether it went on', async () => {
    states.refusal = refusal('ThrottlingException', 'Rate exceeded.');
    const [waiting] = await walk();

    await expect(waiting!.redrive()).rejects.toThrow('Rate exceeded.');
  });

  it('whose order is closed as FAILED is not redriven, and says why', async () => {
    statuses.set('o-1', 'FAILED');
    const [waiting] = await walk();

    expect(await waiting!.redrive()).toContain('nothing is left to do');
    expect(states.redriven()).toEqual([]);
  });

  it('can not be discarded', async () => {
    const [waiting] = await walk();

    expect(await waiting!.discard()).toContain("can't be removed");
  });
});
