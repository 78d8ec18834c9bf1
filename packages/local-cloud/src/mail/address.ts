/** A mail address as a header writes it: `Shop <shop@example.org>`. */
export interface MailAddress {
  /** As it came. */
  readonly text: string;
  /** `shop@example.org` */
  readonly address: string;
  /** `example.org`, in lower case. */
  readonly domain: string;
}

const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 320;

/** What a local part may be made of; the quoted form is not taken. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~.-]+$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const CONTROL_OR_SPACE = /[\s\p{Cc}]/u;

/**
 * Reads an address with or without a name before it. Messages are SES's own where they are known, and never hold the
 * address: whoever logs them logs no person.
 *
 * @returns what is wrong with it, as a text, when it is none that SES sends to.
 */
export function parseAddress(text: string): MailAddress | string {
  if (/[\r\n]/.test(text)) return 'A header value must not contain line breaks';
  if (!isAscii(text)) return 'Text beyond ASCII must be a MIME encoded-word (=?UTF-8?B?…?=)';
  const address = /^(?:[^<>]*\s|"(?:[^"\\]|\\.)*"\s*)?<([^<>]*)>$/.exec(text.trim())?.[1] ?? text.trim();
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1).toLowerCase();
  if (at < 0 || domain === '') return "Missing final '@domain'";
  return (
    localPartProblem(address.slice(0, at)) ??
    domainProblem(domain) ??
    (address.length > LONGEST_ADDRESS ? 'Address is too long' : { text: text.trim(), address, domain })
  );
}

/** Whether a header or a text can go as it is, without a character set. */
export function isAscii(text: string): boolean {
  return [...text].every((character) => character <= '\u007f');
}

function localPartProblem(local: string): string | undefined {
  if (local === '') return 'Missing local part before the @';
  if (CONTROL_OR_SPACE.test(local)) return 'Local address contains control or whitespace';
  if (local.startsWith('.')) return 'Local address starts with dot';
  if (local.endsWith('.')) return 'Local address ends with dot';
  if (local.includes('..')) return 'Local address contains dot-dot';
  if (!LOCAL_PART.test(local)) return 'Local address contains illegal character';
  return local.length > LONGEST_LOCAL_PART ? 'Local address is too long' : undefined;
}

function domainProblem(domain: string): string | undefined {
  if (CONTROL_OR_SPACE.test(domain)) return 'Domain contains control or whitespace';
  if (domain.startsWith('.')) return 'Domain starts with dot';
  if (domain.endsWith('.')) return 'Domain ends with dot';
  if (domain.includes('..')) return 'Domain contains dot-dot';
  const labels = domain.split('.');
  if (labels.length < 2) return 'Domain has no dot';
  return labels.every((label) => LABEL.test(label)) ? undefined : 'Domain contains illegal character';
}
