import { InFlight } from './in-flight.ts';

describe('what is in flight', () => {
  it('has settled only when every entry is closed, also those opened by the last one', async () => {
    const inFlight = new InFlight();
    const leaveChange = inFlight.enter('change');
    let settled = false;
    const waiting = inFlight.settled().then(() => (settled = true));

    const leaveExecution = inFlight.enter('execution');
    leaveChange();
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    expect(inFlight.counts()).toEqual({ execution: 1 });

    leaveExecution();
    await waiting;
    expect(inFlight.counts()).toEqual({});
  });

  it('counts an entry closed twice once', async () => {
    const inFlight = new InFlight();
    const leave = inFlight.enter('a');
    inFlight.enter('b');
    leave();
    leave();

    expect(inFlight.counts()).toEqual({ b: 1 });
  });
});
