/** A member with its score. */
export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** What a new score does to a member that is there, or is not. */
export interface AddRules {
  /** Members that are there stay as they are (NX), or no other ones come (XX). */
  readonly only?: 'new' | 'existing';
  /** A member only moves up (GT), or down (LT). */
  readonly direction?: 'up' | 'down';
}

/** Members ordered by score, and by their bytes where scores are equal. Made for sets of a few members. */
export class SortedSet {
  readonly #scores = new Map<string, number>();
  /** In order. */
  readonly #members: Scored[] = [];
  #bytes = 0;

  get size(): number {
    return this.#members.length;
  }

  /** Bytes of all members. */
  get bytes(): number {
    return this.#bytes;
  }

  score(member: string): number | undefined {
    return this.#scores.get(member);
  }

  /** Adds a member, or gives it another score. */
  add({ member, score }: Scored, { only, direction }: AddRules = {}): 'added' | 'changed' | 'same' {
    const before = this.#scores.get(member);
    if (before === undefined) {
      if (only === 'existing') return 'same';
      this.#insert({ member, score });
      this.#bytes += member.length;
      return 'added';
    }
    const against = (direction === 'up' && score <= before) || (direction === 'down' && score >= before);
    if (only === 'new' || against || score === before) return 'same';
    this.#members.splice(this.#placeOf({ member, score: before }), 1);
    this.#insert({ member, score });
    return 'changed';
  }

  /** Members by rank, both ends included; negative ranks count from the end. */
  range(start: number, stop: number): readonly Scored[] {
    const [from, to] = this.#ranks(start, stop);
    return this.#members.slice(from, to);
  }

  /** Members by rank, the highest first. */
  reversedRange(start: number, stop: number): readonly Scored[] {
    const [from, to] = this.#ranks(start, stop);
    return this.#members.slice(this.size - to, this.size - from).reverse();
  }

  /** @returns how many members were removed. */
  removeRange(start: number, stop: number): number {
    const [from, to] = this.#ranks(start, stop);
    const removed = this.#members.splice(from, to - from);
    for (const { member } of removed) {
      this.#scores.delete(member);
      this.#bytes -= member.length;
    }
    return removed.length;
  }

  /** The first place, and the one after the last. */
  #ranks(start: number, stop: number): [from: number, to: number] {
    const from = Math.min(this.size, Math.max(0, start < 0 ? this.size + start : start));
    const to = Math.min(this.size, (stop < 0 ? this.size + stop : stop) + 1);
    return [from, Math.max(from, to)];
  }

  #insert(scored: Scored): void {
    this.#members.splice(this.#placeOf(scored), 0, scored);
    this.#scores.set(scored.member, scored.score);
  }

  /** Where a member stands, or would. */
  #placeOf({ member, score }: Scored): number {
    let low = 0;
    let high = this.#members.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#members[middle];
      const isBefore =
        other !== undefined && (other.score < score || (other.score === score && other.member < member));
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
