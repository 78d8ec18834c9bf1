import { block, text, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import type { Stack } from './stack-view.ts';

/** Reached over the network alone: whoever stands in it needs no grant. */
const WITHOUT_GRANTS: readonly string[] = ['aws_elasticache_replication_group'];

/** What an app, by its name, is told and does not use itself. */
const NAMES_ONLY: Readonly<Record<string, readonly string[]>> = {
  // It tells by these which table a dead letter came from.
  'redrive-api': ['PRODUCTS_TABLE', 'STOCK_TABLE', 'ACTIVITY_TABLE'],
};

/** What a function is told to work with, it may use in some way. */
export const environments: Rule = {
  name: 'functions may use what they are told of',
  check: (stack) => stack.ofType('aws_lambda_function').flatMap((lambda) => variableFaults(stack, lambda)),
};

function variableFaults(stack: Stack, lambda: Resource): readonly Fault[] {
  const variables = block(block(lambda.arguments['environment'])['variables']);
  const app = text(variables['POWERTOOLS_SERVICE_NAME']);
  const granted = stack
    .grantsOf(lambda.arguments['role'])
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ resources }) => resources);
  return Object.entries(variables)
    .filter(([name]) => NAMES_ONLY[app]?.includes(name) !== true)
    .flatMap(([name, value]) =>
      stack
        .referredTo(value)
        .map((address) => stack.at(address))
        .filter((told) => told !== undefined && !WITHOUT_GRANTS.includes(told.type))
        .filter(
          (told) => told !== undefined && !granted.some((resource) => isIn(resource, stack.arnOf(told))),
        )
        .map((told) =>
          fault(
            lambda,
            `${name} names ${told?.address ?? ''}, which its role may not use`,
            'Allow what it is for, or take the variable out.',
          ),
        ),
    );
}

/** Whether a resource in a policy is the one with this ARN, or part of it. */
function isIn(resource: string, arn: string): boolean {
  return resource === arn || resource.startsWith(`${arn}/`) || resource.startsWith(`${arn}:`);
}
