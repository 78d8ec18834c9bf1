import { Meter } from './meter.ts';
import { meterPath } from './meter-path.ts';

async function ask(meter: Meter, method: string): Promise<unknown> {
  const { body } = await meterPath(meter)({
    method,
    path: '/',
    query: new URLSearchParams(),
    body: Buffer.of(),
  });
  return JSON.parse(body.toString()).total;
}

it('answers what was counted, and counts anew after a POST', async () => {
  const meter = new Meter();
  meter.add('one', 'sqs.requests');

  expect(await ask(meter, 'GET')).toEqual({ 'sqs.requests': 1 });
  expect(await ask(meter, 'POST')).toEqual({ 'sqs.requests': 1 });
  expect(await ask(meter, 'GET')).toEqual({});
});
