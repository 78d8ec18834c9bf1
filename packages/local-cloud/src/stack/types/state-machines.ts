import * as z from 'zod';
import { args, inert, jsonText, refused, text } from '../arguments.ts';
import { arn } from '../arns.ts';
import { resourceType } from '../resource-type.ts';

const logging = z.object({ level: z.enum(['ALL', 'ERROR', 'FATAL']) });
const tracing = z.object({ enabled: z.literal(true) });

const stateMachine = resourceType({
  type: 'aws_sfn_state_machine',
  schema: args({
    name: text,
    definition: jsonText,
    role_arn: text,
    type: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
    logging_configuration: inert('executions are read from the journal'),
    tracing_configuration: inert('traces are read from the journal'),
    publish: refused('Remove it: a state machine has one version here'),
  }),
  attributes({ name }, place) {
    const machineArn = arn('states', `stateMachine:${name}`, place);
    return { id: machineArn, arn: machineArn };
  },
  contribute({ args, attributes }, draft) {
    draft.stateMachines.push({
      name: args.name,
      arn: attributes.arn,
      roleArn: args.role_arn,
      type: args.type,
      definition: args.definition,
      ...(logging.safeParse(args.logging_configuration).success && { isLogged: true }),
      ...(tracing.safeParse(args.tracing_configuration).success && { isTraced: true }),
    });
  },
});

export const stateMachineTypes = [stateMachine];
