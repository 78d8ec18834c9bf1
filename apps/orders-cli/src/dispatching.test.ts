import type { ApiQuestion } from './ask-api.ts';
import { switchDispatching } from './dispatching.ts';

describe('dispatching', () => {
  const { signal } = new AbortController();

  /** An API whose mapping of orders goes through these states, and stays in the last. */
  function apiWith(paused: boolean, ...states: string[]) {
    const asked: Pick<ApiQuestion, 'method' | 'body'>[] = [];
    const ask = ({ method, body }: ApiQuestion) => {
      asked.push({ ...(method && { method }), ...(body === undefined ? {} : { body }) });
      const state = states.length > 1 ? states.shift() : states[0];
      return Promise.resolve({ paused, mappings: [{ table: 'orders', state }] });
    };
    return { ask, asked };
  }

  it.each([
    [true, 'Disabling', 'Disabled'],
    [false, 'Enabling', 'Enabled'],
  ])('is switched (paused: %s) when every mapping has come to it', async (paused, before, after) => {
    const api = apiWith(paused, before, before, after);
    let waited = 0;

    const dispatching = await switchDispatching(api, paused, signal, async () => (waited += 1));

    expect(dispatching).toEqual({ paused, mappings: [{ table: 'orders', state: after }] });
    expect(api.asked).toEqual([{ method: 'PUT', body: { paused } }, {}, {}]);
    expect(waited).toBe(2);
  });

  it('that does not come to it is told by table and state', async () => {
    const api = apiWith(true, 'Enabled');

    await expect(switchDispatching(api, true, signal, async () => undefined)).rejects.toMatchObject({
      message: expect.stringMatching(/became Disabled: orders is Enabled\./),
      exitCode: 1,
    });
  });
});
