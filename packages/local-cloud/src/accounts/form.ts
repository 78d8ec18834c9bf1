import { AwsError } from '../endpoint/service.ts';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/**
 * The parameters of a call in the query protocol, in which a list has one parameter for each member:
 * `Tags.member.1.Key`.
 */
export class Form {
  readonly #parameters: URLSearchParams;

  constructor(body: Buffer) {
    this.#parameters = new URLSearchParams(body.toString());
  }

  /** @throws AwsError ValidationError when it is not given. */
  text(name: string): string {
    const value = this.#parameters.get(name);
    if (value) return value;
    throw new AwsError(
      'ValidationError',
      `Value at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  }

  optional(name: string): string | undefined {
    return this.#parameters.get(name) ?? undefined;
  }

  list(name: string): string[] {
    const members: string[] = [];
    for (let at = 1; ; at += 1) {
      const member = this.#parameters.get(`${name}.member.${at}`);
      if (member === null) return members;
      members.push(member);
    }
  }

  tags(): Tag[] {
    const tags: Tag[] = [];
    for (let at = 1; ; at += 1) {
      const Key = this.#parameters.get(`Tags.member.${at}.Key`);
      if (Key === null) return tags;
      tags.push({ Key, Value: this.#parameters.get(`Tags.member.${at}.Value`) ?? '' });
    }
  }
}

/** All tags after some more were set: a key has one value. */
export function tagged(tags: readonly Tag[], more: readonly Tag[]): Tag[] {
  return [...tags.filter(({ Key }) => !more.some((tag) => tag.Key === Key)), ...more];
}
