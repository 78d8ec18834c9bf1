const SystemDate = Date;
let offset = 0;

const now = (): number => SystemDate.now() + offset;

/** The system's `Date`, except that "now" is ahead by the offset. Dates made by either are instances of both. */
const CloudDate = new Proxy(SystemDate, {
  apply: () => new SystemDate(now()).toString(),
  construct: (target, values: unknown[], newTarget) => {
    const made: object = Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget);
    return made;
  },
  get: (target, key, receiver): unknown => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});

/** Puts the function's time ahead of the system's: a moved clock is moved for the code inside functions, too. */
export function setClock(milliseconds: number): void {
  offset = milliseconds;
  if (offset !== 0) globalThis.Date = CloudDate;
}
