/** Objects and arrays that the detail of an event may have within one another, itself among them. */
export const NESTING_LIMIT = 1000;

/** Whether JSON is nested deeper than that many levels. @param json the text of `value`; a short one is not looked into. */
export function isNestedDeeper(levels: number, json: string, value: unknown): boolean {
  return json.length > 2 * levels && isDeeperThan(levels, value);
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
