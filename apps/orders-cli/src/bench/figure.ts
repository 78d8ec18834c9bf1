/** One measured number beside the one that the design asks for. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly budget: string;
  readonly met: boolean;
}

/** A figure that must not be above (`≤`) or below (`≥`) its budget. */
export function figure(
  name: string,
  value: number,
  unit: string,
  relation: '≤' | '≥',
  budget: number,
): Figure {
  const rounded = Math.round(value * 100) / 100;
  const met = relation === '≤' ? value <= budget : value >= budget;
  return { name, value: rounded, unit, budget: `${relation} ${budget}`, met };
}
