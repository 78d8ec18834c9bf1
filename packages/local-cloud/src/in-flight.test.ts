import { InFlight } from './in-flight.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

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

  it('makes entries that only wait for company go on when somebody waits and nothing else is there', async () => {
    const inFlight = new InFlight();
    const leave = [inFlight.enter('message'), inFlight.enter('message'), inFlight.enter('execution')];
    let hurried = 0;
    const endGathering = inFlight.gather(2, () => {
      hurried++;
      endGathering();
      leave[0]!();
      leave[1]!();
    });
    const settled = inFlight.settled();
    await turn();
    expect(hurried).toBe(0);

    leave[2]!();
    await settled;

    expect(hurried).toBe(1);
  });

  it('leaves entries that wait for company alone while nobody waits for all to settle', async () => {
    const inFlight = new InFlight();
    inFlight.enter('message');
    const hurry = jest.fn();
    inFlight.gather(1, hurry);
    await turn();
    expect(hurry).not.toHaveBeenCalled();

    void inFlight.settled();
    await turn();

    expect(hurry).toHaveBeenCalledTimes(1);
  });

  it('hurries nothing for who waits no longer', async () => {
    const inFlight = new InFlight();
    inFlight.enter('message');
    const patience = new AbortController();
    const waiting = inFlight.settled(patience.signal);
    patience.abort();

    expect(await waiting).toBe(false);
    const hurry = jest.fn();
    inFlight.gather(1, hurry);
    await turn();

    expect(hurry).not.toHaveBeenCalled();
  });

  it('tells who had patience that all has settled, and who comes without any that it has not', async () => {
    const inFlight = new InFlight();
    const leave = inFlight.enter('message');
    const waiting = inFlight.settled(new AbortController().signal);

    expect(await inFlight.settled(AbortSignal.abort())).toBe(false);
    leave();

    expect(await waiting).toBe(true);
  });

  it('does not hurry what joins work that began in the meantime', async () => {
    const inFlight = new InFlight();
    inFlight.enter('message');
    const hurry = jest.fn();
    void inFlight.settled();
    inFlight.gather(1, hurry);
    inFlight.enter('execution');

    await turn();

    expect(hurry).not.toHaveBeenCalled();
  });

  it('counts an entry closed twice once', async () => {
    const inFlight = new InFlight();
    const leave = inFlight.enter('event');
    inFlight.enter('request');
    leave();
    leave();

    expect(inFlight.counts()).toEqual({ request: 1 });
  });
});
