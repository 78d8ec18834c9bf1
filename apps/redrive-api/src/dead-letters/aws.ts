import { bareError, logger, ObjectStore, type OrdersTable } from '@orderstream/lambda-kit';
import { ChangeShelf } from './change-shelf.ts';
import type { DeadLetters } from './dead-letters.ts';
import { sourcesOf, type Deployment } from './deployment.ts';
import { EventShelf } from './event-shelf.ts';
import { awsStates, ExecutionShelf } from './execution-shelf.ts';
import { awsFunctions } from './functions.ts';
import { clearNotices } from './notices.ts';
import { orderStatus } from './order-status.ts';
import { QuarantineShelf } from './quarantine-shelf.ts';
import { sqsQueue } from './queue.ts';

/** The dead letters of a deployment on AWS. @param now epoch milliseconds. */
export function awsDeadLetters(
  deployment: Deployment,
  orders: Pick<OrdersTable, 'read'>,
  now: () => number,
): DeadLetters {
  const objects = new ObjectStore(deployment.bucket);
  const quarantine = new QuarantineShelf(objects, awsFunctions, deployment);
  const statusOf = (orderId: string) => orderStatus(orders, orderId);
  return {
    shelves: [
      new ChangeShelf(objects, awsFunctions, deployment),
      quarantine,
      new EventShelf(sqsQueue, awsFunctions, deployment),
      new ExecutionShelf({ states: awsStates, workflowArn: deployment.workflowArn, statusOf, now }),
    ],
    quarantine,
    sources: sourcesOf(deployment),
    clearNotices: async (isLate) => {
      try {
        await clearNotices(sqsQueue(deployment.notices), objects, isLate);
      } catch (error) {
        // The letters are gone already, and that has to be told.
        logger.warn('Notices of what is gone are left: the next redrive or discard takes them away.', {
          error: bareError(error),
        });
      }
    },
    note: (deed) => logger.info('Staff looked after dead letters.', { ...deed }),
    now,
  };
}
