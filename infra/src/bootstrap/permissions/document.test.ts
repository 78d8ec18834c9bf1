import { parsed, sameDocument, split } from './document.ts';

const statement = (action: string) => ({ Effect: 'Allow' as const, Action: [action], Resource: ['*'] });

describe('policies', () => {
  it.each([
    ['a list of one is its value', { Action: ['a'] }, { Action: 'a' }, true],
    ['a list has no order', { Action: ['a', 'b'] }, { Action: ['b', 'a'] }, true],
    ['an object has no order', { a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 }, true],
    ['a longer list is another one', { Action: ['a'] }, { Action: ['a', 'b'] }, false],
    ['another value is another one', { Effect: 'Allow' }, { Effect: 'Deny' }, false],
    ['one key more is another one', { a: 1 }, { a: 1, Condition: {} }, false],
    ['text that is no policy is another one', { a: 1 }, parsed('{"a"'), false],
  ])('are the same or not: %s', (_rule, one, other, isSame) => {
    expect(sameDocument(one, other)).toBe(isSame);
  });

  it('are split where the next statement would make one too large, with none lost', () => {
    const statements = ['a:One', 'a:Two', 'a:Three', 'a:Four'].map(statement);

    const documents = split(statements, 160);

    expect(documents.map(({ Statement }) => Statement.length)).toEqual([2, 2]);
    expect(documents.flatMap(({ Statement }) => Statement)).toEqual(statements);
  });

  it('with a statement that fits nowhere are refused, with its beginning', () => {
    expect(() => split([statement('a:One')], 50)).toThrow(
      /A statement has \d+ characters, a policy may have 50.*a:One/,
    );
  });
});
