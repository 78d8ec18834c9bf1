import { diffComment, LONGEST_COMMENT, MARKER } from './diff-comment.ts';

describe('the comment on a pull request', () => {
  it('begins with what the next run finds it by, and shows the plan', () => {
    const comment = diffComment('orderstream  Plan: 1 to add, 0 to change, 0 to destroy.');

    expect(comment.split('\n')[0]).toBe(MARKER);
    expect(comment).toContain('```\norderstream  Plan: 1 to add, 0 to change, 0 to destroy.\n```');
  });

  it.each([
    ['an account number', 'arn:aws:iam::123456789012:role/x', 'arn:aws:iam::<account>:role/x'],
    [
      'an account number in a name',
      'orderstream-archive-123456789012-eu',
      'orderstream-archive-<account>-eu',
    ],
    ['a mail address', '+ endpoint = "ada.b+c@shop.example.com"', '+ endpoint = "<mail>"'],
    ['an access key', 'ASIAABCDEFGHIJKLMNOP expired', '<key> expired'],
    ['colours', `${String.fromCharCode(27)}[32m+${String.fromCharCode(27)}[0m create`, '+ create'],
    ['the end of its block', '```\n@everybody', "'''\n@everybody"],
    ['a longer number, which stays', '1234567890123', '1234567890123'],
  ])('does not show %s', (_, plan, shown) => {
    expect(diffComment(plan)).toContain(`\n\`\`\`\n${shown}\n\`\`\`\n`);
  });

  it('of a long plan has its beginning and its end, and fits into a comment', () => {
    const plan = `begins here\n${'  + resource\n'.repeat(20_000)}Plan: 20000 to add`;

    const comment = diffComment(plan);

    expect(comment.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(comment.length).toBeGreaterThan(LONGEST_COMMENT - 10);
    expect(comment).toMatch(/begins here\n[^]*the middle is left out[^]*Plan: 20000 to add\n```\n$/);
  });

  it.each([0, 1, 2])('is whole at its longest, give or take %s', (more) => {
    const frame = diffComment('').length;
    const comment = diffComment('x'.repeat(LONGEST_COMMENT - frame + more));

    expect(comment.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(comment.includes('left out')).toBe(more > 0);
  });
});
