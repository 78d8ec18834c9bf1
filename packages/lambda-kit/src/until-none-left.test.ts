import { untilNoneLeft } from './until-none-left.ts';

type Batch = Record<string, string>;

/** Sends the batch `{ a, b }` to a table that gives these answers, one after the other. */
async function send(tries: number, ...answers: (Batch | undefined)[]) {
  const sent: Batch[] = [];
  const pauses: number[] = [];
  const left = await untilNoneLeft<Batch>(
    { a: 'A', b: 'B' },
    async (batch) => {
      sent.push(batch);
      return answers.shift();
    },
    tries,
    async (pause) => pauses.push(pause),
  );
  return { left, sent, pauses };
}

it.each([
  ['says nothing', undefined],
  ['leaves out nothing', {}],
])('a batch is sent once where the answer %s', async (_, answer) => {
  expect(await send(4, answer)).toEqual({ left: undefined, sent: [{ a: 'A', b: 'B' }], pauses: [] });
});

it('what was left out is sent again, alone, after a pause', async () => {
  const { left, sent, pauses } = await send(4, { b: 'B' }, {});

  expect(left).toBeUndefined();
  expect(sent).toEqual([{ a: 'A', b: 'B' }, { b: 'B' }]);
  expect(pauses).toHaveLength(1);
});

it.each([1, 4, 6])('what is left after %i tries is told', async (tries) => {
  const { left, sent } = await send(tries, ...Array<Batch>(tries).fill({ b: 'B' }));

  expect(left).toEqual({ b: 'B' });
  expect(sent).toHaveLength(tries);
});

it('each pause may be twice as long as the one before', async () => {
  const random = jest.spyOn(Math, 'random').mockReturnValue(1);
  const { pauses } = await send(3, { a: 'A' }, { a: 'A' }, {});
  random.mockRestore();

  expect(pauses).toEqual([50, 100]);
});
