import type { MailIdentity } from '../stack/model.ts';
import type { MailAddress } from './address.ts';

/** The identity that mail from an address is sent under: the most specific of those that cover it; undefined: none does. */
export function identityOf(
  identities: readonly MailIdentity[],
  { address, domain }: Pick<MailAddress, 'address' | 'domain'>,
): MailIdentity | undefined {
  const wanted = address.toLowerCase();
  const [found] = identities
    .filter(({ name }) => {
      const known = name.toLowerCase();
      return known === wanted || known === domain || domain.endsWith(`.${known}`);
    })
    .sort((a, b) => b.name.length - a.name.length);
  return found;
}
