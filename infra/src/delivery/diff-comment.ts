/** What GitHub takes as a comment, in characters; https://github.com/orgs/community/discussions/27190 */
export const LONGEST_COMMENT = 65_536;

/** Begins the comment, so that the next run finds it and writes it anew instead of adding one. */
export const MARKER = '<!-- orderstream: diff of dev -->';

/** Escape sequences that colour a terminal. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');
const ACCOUNT = /(?<!\d)\d{12}(?!\d)/g;
/** Begins where a word does, so that a long word is looked at once. */
const MAIL_ADDRESS = /(?<![\w.%+-])[\w.%+-]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,}/g;
/** What temporary and lasting access keys begin with: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const ACCESS_KEY = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;

/**
 * A plan as a comment on a pull request. Terraform itself leaves out what is sensitive; account numbers, mail addresses and
 * access keys are masked besides, because more people read comments than may look into the account. A plan that is too
 * long loses its middle: its beginning says what it is about, its end sums up.
 */
export function diffComment(plan: string): string {
  const text = plan
    .replace(COLOURS, '')
    .replace(ACCOUNT, '<account>')
    .replace(ACCESS_KEY, '<key>')
    .replace(MAIL_ADDRESS, '<mail>')
    // Nothing in it may end the block of code that it stands in.
    .replaceAll('```', "'''")
    .trim();
  const around = (inner: string) =>
    `${MARKER}\n**What this would change in dev**\n\n\`\`\`\n${inner}\n\`\`\`\n`;
  const whole = around(text);
  if (whole.length <= LONGEST_COMMENT) return whole;
  const cut = '\n\n… the middle is left out: run the diff yourself to see it …\n\n';
  const room = LONGEST_COMMENT - around(cut).length;
  const half = Math.floor(room / 2);
  return around(`${text.slice(0, half)}${cut}${text.slice(text.length - half)}`);
}
