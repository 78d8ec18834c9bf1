/**
 * Waits for an answer, but no longer than `milliseconds`. `ask` is told through its signal when nobody waits any more.
 *
 * @throws the error that `late` makes when the time has passed.
 */
export async function withinDeadline<Answer>(
  milliseconds: number,
  ask: (signal: AbortSignal) => Promise<Answer>,
  late: () => Error,
): Promise<Answer> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
      controller.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([ask(controller.signal), passed]);
  } finally {
    clearTimeout(timer);
  }
}
