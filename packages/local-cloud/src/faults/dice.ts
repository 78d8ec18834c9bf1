/**
 * Throws that can be repeated: what the n-th one shows depends on the seed, the name and n alone, whatever was thrown
 * before it and whatever other dice show.
 */
export class Dice {
  readonly #base: number;

  constructor(seed: number, name: string) {
    this.#base = hashOf(`${seed}/${name}`);
  }

  /**
   * The n-th throw: at least 0, less than 1.
   *
   * @param side further throws of the same n, independent of each other.
   */
  roll(n: number, side = 0): number {
    return mix(this.#base ^ mix(n ^ mix(side + 1))) / 2 ** 32;
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/** Spreads every bit over all of them: the finalizer of MurmurHash3, after a step that takes 0 away from 0. */
function mix(value: number): number {
  let bits = (value + 0x9e3779b9) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
