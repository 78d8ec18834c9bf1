import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ExecutionAlreadyExists, StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { startRequest } from '@orderstream/domain';
import { setTimeout } from 'node:timers/promises';
import type { Effects } from './dispatch.ts';
import type { Quarantine } from './quarantine.ts';

/** The dispatcher's effects on AWS. */
export function awsEffects(aws: {
  readonly workflows: SFNClient;
  readonly stateMachineArn: string;
  readonly events: EventBridgeClient;
  readonly quarantine: Quarantine;
}): Effects {
  const { workflows, stateMachineArn, events, quarantine } = aws;
  return {
    async start(workflow) {
      try {
        await workflows.send(new StartExecutionCommand(startRequest(stateMachineArn, workflow)));
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
    async publish(entries) {
      const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: [...entries] }));
      return Entries.map(({ ErrorCode }) => ErrorCode);
    },
    quarantine: (record, reason) => quarantine.put(record, reason),
    wait: (milliseconds) => setTimeout(milliseconds),
  };
}
