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
  const met = relation === '≤' ? value <= budget : value >= budget;
  return { name, value: rounded(value), unit, budget: `${relation} ${budget}`, met };
}

/** A figure that the design asks no number for. */
export function noted(name: string, value: number, unit: string): Figure {
  return { name, value: rounded(value), unit, budget: 'none', met: true };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
