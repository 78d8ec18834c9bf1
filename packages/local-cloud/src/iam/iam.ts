import type { Clock } from '../clock.ts';
import type { AwsError, Caller, ServiceHandler, ServiceRequest } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import { operationOf } from '../faults/operation.ts';
import type { JournalWriter } from '../journal/writer.ts';
import { LEADING_KEYS, type CallContext } from './conditions.ts';
import { decide, type Decision, type Need } from './decision.ts';
import { type Grant, GrantUse } from './grants.ts';
import { NEEDS_BY_SERVICE } from './needs/by-service.ts';
import { type CallNeeds, type NeedsPlace, unreadable } from './needs/needs.ts';
import { needToKnowItIsMissing } from './needs/s3.ts';
import type { Principal } from './principal.ts';
import { refusalMessage, refusalOf } from './refusal.ts';
import { remedyFor } from './remedy.ts';
import { type PolicedStack, StackPolicies } from './stack-policies.ts';
import type { Stack } from '../stack/model.ts';

export interface IamParts {
  readonly stack: PolicedStack & Omit<NeedsPlace, 'keyedTables'> & Pick<Stack, 'tables'>;
  readonly journal: JournalWriter;
  readonly clock: Clock;
}

/** Who acts, and what is known of it. It stands for one function, machine or rule: decisions are remembered by it. */
export interface Actor {
  /** As the journal tells it: `function shop-api`, `rule orders`. */
  readonly name: string;
  readonly principal: Principal;
  readonly context: CallContext;
  /** The network that its calls leave; undefined: none. */
  readonly vpcId?: string | undefined;
}

/** Decisions that are remembered of one actor. Objects have names without end, so it must be bounded. */
const MOST_REMEMBERED = 2_000;

/**
 * Decides with the stack's policies what functions and services may do, and notes down what it refuses. An operator may do
 * everything. The policies never change while a cloud runs, so an answer holds for as long as there is room for it.
 */
export class Iam {
  readonly #parts: IamParts;
  readonly #policies: StackPolicies;
  readonly #remembered = new Map<Actor, Map<string, Decision>>();
  readonly #functions: ReadonlyMap<string, Actor>;
  readonly #use = new GrantUse();
  readonly #place: NeedsPlace;

  /** @throws StackError for a policy that can't be evaluated here. */
  constructor(parts: IamParts) {
    this.#parts = parts;
    this.#policies = new StackPolicies(parts.stack);
    const asking = this.#policies.all().filter(({ asksLeadingKeys }) => asksLeadingKeys);
    const keyed = parts.stack.tables
      .flatMap((table) => [
        { path: '', partitionKey: table.partitionKey, table },
        ...table.globalIndexes.map(({ name, partitionKey }) => ({
          ...{ path: `/index/${name}`, partitionKey, table },
        })),
      ])
      .filter(({ table, path }) => asking.some((one) => one.matchesResource(table.arn + path)));
    this.#place = {
      ...parts.stack,
      keyedTables: new Map(
        keyed.map(({ table, path, partitionKey }) => [table.name + path, partitionKey.name]),
      ),
    };
    this.#functions = new Map(
      parts.stack.functions.map(({ name, arn, roleArn, vpcId }) => [
        name,
        {
          name: `function ${name}`,
          principal: { kind: 'role', roleArn, session: name },
          context: { 'lambda:SourceFunctionArn': arn, 'aws:SecureTransport': 'true' },
          vpcId,
        },
      ]),
    );
  }

  /** A service's handler that first asks whether its caller may do what it calls for. */
  handler(service: string, handler: ServiceHandler): ServiceHandler {
    return async (request) => {
      const actor = this.#actorOf(request.caller);
      if (!actor) return handler(request);
      const refusal = this.#refusalOf(service, actor, needsOf(service, request, this.#place), request);
      if (refusal) throw refusal;
      const response = await handler(request);
      return service === 's3' && response.status === 404
        ? this.#unlessUnknown(actor, request, response)
        : response;
    };
  }

  handlers<Handlers extends Readonly<Record<string, ServiceHandler>>>(handlers: Handlers): Handlers {
    const wrapped = Object.entries(handlers).map(([name, handler]) => [name, this.handler(name, handler)]);
    return { ...handlers, ...Object.fromEntries(wrapped) };
  }

  /**
   * Asks whether an actor may do all of this.
   * @param service in whose words it is refused. @throws AwsError as the service refuses it.
   */
  require(service: string, actor: Actor, needs: CallNeeds): void {
    const refusal = this.#refusalOf(service, actor, needs);
    if (refusal) throw refusal;
  }

  /** Like {@link require}, with what may not be done as a sentence. */
  problemOf(service: string, actor: Actor, needs: CallNeeds): string | undefined {
    return this.#refusalOf(service, actor, needs)?.message;
  }

  /** Every granted action on every resource, and which call needed it since the start. */
  grants(): Grant[] {
    return this.#use.of(this.#policies.all());
  }

  #actorOf({ kind, name }: Caller): Actor | undefined {
    return kind === 'function' ? this.#functions.get(name) : undefined;
  }

  /** @param request is told with what is refused of it. */
  #refusalOf(
    service: string,
    actor: Actor,
    needs: CallNeeds,
    request?: ServiceRequest,
  ): AwsError | undefined {
    for (const need of needs) {
      const decision = this.#decide(service, actor, need);
      if (decision.allowed) continue;
      const call = { ...need, ...actor, context: { ...actor.context, ...need.context } };
      const { where, statement, remove } = remedyFor(call, decision);
      this.#parts.journal.append('refusals', {
        at: this.#parts.clock.now(),
        caller: actor.name,
        action: need.action,
        resource: need.resource,
        message: refusalMessage(service, call, decision),
        policy: where,
        statement: statement ? JSON.stringify(statement) : '',
        remove: remove ?? '',
        trace: request?.headers['x-amzn-trace-id'] ?? '',
      });
      return refusalOf(service, call, decision);
    }
    return undefined;
  }

  #decide(service: string, actor: Actor, need: Need): Decision {
    let remembered = this.#remembered.get(actor);
    if (!remembered) this.#remembered.set(actor, (remembered = new Map()));
    const keys = need.context?.[LEADING_KEYS];
    const key = `${need.action} ${need.resource}${keys ? ` ${JSON.stringify(keys)}` : ''}`;
    const known = remembered.get(key);
    if (known) return known;
    const { principal, vpcId } = actor;
    const context = { ...actor.context, ...need.context };
    const policies = this.#policies.for(principal, need.resource, service, vpcId);
    const call = { ...need, principal, context };
    const decision = decide(call, policies);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(key, decision);
    if (decision.allowed) this.#use.note(actor.name, call, policies, decision.by);
    return decision;
  }

  /** Whoever may not list a bucket is refused where an object is missing, instead of being told so. */
  #unlessUnknown(actor: Actor, request: ServiceRequest, response: Awaited<ReturnType<ServiceHandler>>) {
    const need = needToKnowItIsMissing(request);
    const refusal = need && this.#refusalOf('s3', actor, [need], request);
    if (refusal) throw refusal;
    return response;
  }
}

/** @throws AwsError for an operation whose action is not known, and for a call that names nothing: nothing passes unasked. */
function needsOf(service: string, request: ServiceRequest, place: NeedsPlace): CallNeeds {
  const ofService = Object.hasOwn(NEEDS_BY_SERVICE, service) ? NEEDS_BY_SERVICE[service] : undefined;
  const needs = ofService?.(request, place);
  if (needs === 'nothing') return [];
  if (needs?.length === 0) throw unreadable(request, 'The request names nothing that it is for');
  if (needs) return needs;
  const instead =
    'Which permissions it needs is not known here: call it as an operator, or start with --iam off.';
  throw unknownOperation(
    `${operationOf(request)} of ${service} by a function`,
    instead,
    Object.keys(NEEDS_BY_SERVICE),
  );
}
