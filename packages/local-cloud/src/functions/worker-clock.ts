const SystemDate = Date;
const systemNow = Date.now;
let offset = 0;

const now = (): number => systemNow() + offset;

// From the start: a function may keep `Date.now` when it is loaded, and is to be told the moved time all the same.
SystemDate.now = now;

/** The system's `Date`, except that "now" is ahead by the offset. Dates made by either are instances of both. */
const CloudDate = new Proxy(SystemDate, {
  apply: () => new SystemDate(now()).toString(),
  construct: (target, values: unknown[], newTarget) => {
    const made: object = Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget);
    return made;
  },
});

/** Puts the function's time ahead of the system's: a moved clock is moved for the code inside functions, too. */
export function setClock(milliseconds: number): void {
  offset = milliseconds;
  if (offset !== 0) globalThis.Date = CloudDate;
}
