import { referencesIn, texts, textsIn, without, type Arguments, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import type { Stack } from './stack-view.ts';

/**
 * A reference leads to something that the stack has, and nothing else is left to be worked out. Whether that has the
 * attribute is for Terraform to say, which knows the provider's types: its plan, of which CI makes the diff.
 */
export const references: Rule = {
  name: 'references resolve',
  check: (stack) => {
    const { output = {}, provider } = stack.document;
    const outside: readonly { readonly address: string; readonly arguments: Arguments }[] = [
      { address: 'output', arguments: output },
      { address: 'provider', arguments: provider },
    ];
    return [...stack.resources, ...stack.dataSources, ...outside].flatMap((one) => {
      // What Terraform itself has to check is no argument: its conditions are expressions.
      const given = without(one.arguments, 'lifecycle');
      return [
        ...textsIn(given).flatMap((text) => danglingIn(stack, one, text)),
        ...texts(given['depends_on'])
          .filter((address) => stack.at(address) === undefined)
          .map((address) => missing(one, address)),
      ];
    });
  },
};

function danglingIn(stack: Stack, one: { readonly address: string }, value: string): readonly Fault[] {
  const found = referencesIn(value);
  const rest = found.reduce((left, { whole }) => left.replace(whole, ''), value);
  return [
    ...found
      .filter(({ address }) => stack.at(address) === undefined)
      .map(({ address }) => missing(one, address)),
    ...(/[$%]\{|TfToken/.test(rest)
      ? [fault(one, `${rest.slice(0, 80)} is left to be worked out`, 'Write a plain reference.')]
      : []),
  ];
}

function missing(one: { readonly address: string }, address: string): Fault {
  return fault(
    one,
    `refers to ${address}, which is not in the stack`,
    'Create it, or take the reference out.',
  );
}

/** Everything can be created in some order: nothing needs itself, directly or by way of others. */
export const order: Rule = {
  name: 'nothing depends on itself',
  check: (stack) => {
    const left = new Map(stack.resources.map((one) => [one, needsOf(stack, one)] as const));
    for (let before = -1; before !== left.size;) {
      before = left.size;
      for (const [one, needs] of left) {
        if (!needs.some((other) => left.has(other))) left.delete(one);
      }
    }
    return [...left.keys()].map((one) =>
      fault(one, 'needs itself, or something that does', 'Write a name instead of a reference in one place.'),
    );
  },
};

function needsOf(stack: Stack, one: Resource): readonly Resource[] {
  return [...stack.referredTo(one.arguments), ...texts(one.arguments['depends_on'])]
    .map((address) => stack.at(address))
    .filter((needed) => needed !== undefined);
}
