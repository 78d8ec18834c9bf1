import type { ServiceResponse } from '../endpoint/service.ts';

/** What an answer says: lists become members, what is undefined is left out. */
export type Tree =
  string | number | boolean | readonly Tree[] | { readonly [name: string]: Tree | undefined };

const XML_NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/';

/** An answer of IAM; calls that change something answer with nothing. */
export function answer(operation: string, result: Tree | undefined): ServiceResponse {
  const inner = result === undefined ? '' : element(`${operation}Result`, xml(result));
  const body = `<${operation}Response xmlns="${XML_NAMESPACE}">${inner}</${operation}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

function xml(tree: Tree): string {
  if (typeof tree !== 'object') return escaped(String(tree));
  if (isList(tree)) return tree.map((member) => element('member', xml(member))).join('');
  return Object.entries(tree)
    .map(([name, value]) => (value === undefined ? '' : element(name, xml(value))))
    .join('');
}

function isList(tree: object): tree is readonly Tree[] {
  return Array.isArray(tree);
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
