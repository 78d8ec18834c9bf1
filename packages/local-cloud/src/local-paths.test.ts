import { InFlight } from './in-flight.ts';
import { localPaths, type LocalSources } from './local-paths.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function settled(inFlight: InFlight, seconds: string): Promise<unknown> {
  const { settled: answer } = localPaths({ inFlight } as LocalSources);
  const { body } = await answer!({ query: new URLSearchParams({ seconds }) } as never);
  return JSON.parse(String(body));
}

it('a question whether all has settled leaves nobody behind who waits when its time is over', async () => {
  const inFlight = new InFlight();
  inFlight.enter('message');

  expect(await settled(inFlight, '0')).toEqual({ settled: false, inFlight: { message: 1 } });

  const hurry = jest.fn();
  inFlight.gather(1, hurry);
  await turn();
  expect(hurry).not.toHaveBeenCalled();
});

it('a question whether all has settled is answered as soon as it has', async () => {
  const inFlight = new InFlight();
  const leave = inFlight.enter('message');
  const answer = settled(inFlight, '30');
  leave();

  expect(await answer).toEqual({ settled: true, inFlight: {} });
});
