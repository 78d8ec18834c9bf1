import { parseAddress } from './address.ts';

describe('an address', () => {
  it.each([
    ['anna@example.org', 'anna@example.org', 'example.org'],
    ['Anna@Shop.Example.org', 'Anna@Shop.Example.org', 'shop.example.org'],
    ['The Shop <orders+de@example.org>', 'orders+de@example.org', 'example.org'],
    ['"Shop, The" <a.b@example.org>', 'a.b@example.org', 'example.org'],
    ['=?UTF-8?B?TMOkZGNoZW4=?= <shop@example.org>', 'shop@example.org', 'example.org'],
    ['<a@xn--ldchen-bua.example>', 'a@xn--ldchen-bua.example', 'xn--ldchen-bua.example'],
  ])('may be written as %s', (text, address, domain) => {
    expect(parseAddress(text)).toEqual({ text, address, domain });
  });

  it.each([
    ['anna', "Missing final '@domain'"],
    ['', "Missing final '@domain'"],
    ['@example.org', 'Missing local part before the @'],
    ['an na@example.org', 'Local address contains control or whitespace'],
    ['.anna@example.org', 'Local address starts with dot'],
    ['anna.@example.org', 'Local address ends with dot'],
    ['an..na@example.org', 'Local address contains dot-dot'],
    ['an,na@example.org', 'Local address contains illegal character'],
    ['a@b@example.org', 'Local address contains illegal character'],
    [`${'a'.repeat(65)}@example.org`, 'Local address is too long'],
    ['anna@exam ple.org', 'Domain contains control or whitespace'],
    ['anna@.example.org', 'Domain starts with dot'],
    ['anna@example.org.', 'Domain ends with dot'],
    ['anna@example..org', 'Domain contains dot-dot'],
    ['anna@localhost', 'Domain has no dot'],
    ['anna@-example.org', 'Domain contains illegal character'],
    ['anna@exa_mple.org', 'Domain contains illegal character'],
    ['anna@example.org\r\nBcc: all@example.org', 'A header value must not contain line breaks'],
    ['Änna <anna@example.org>', 'Text beyond ASCII must be a MIME encoded-word (=?UTF-8?B?…?=)'],
    ['Anna <anna@example.org> <b@example.org>', 'Local address contains control or whitespace'],
    [`anna@${'a.'.repeat(160)}org`, 'Address is too long'],
  ])('%j is refused', (text, problem) => {
    expect(parseAddress(text)).toBe(problem);
  });
});
