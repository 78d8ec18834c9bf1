import type * as z from 'zod';
import { anyArgs, inertArguments, offeredArguments } from './arguments.ts';
import type { Draft } from './draft.ts';
import type { InertResource } from './model.ts';

/** Where the stack stands: what ARNs and addresses are made from. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
  /** Folder of the synthesized JSON. */
  readonly directory: string;
  readonly queueUrl: (queueName: string) => string;
  readonly apiUrl: (apiId: string) => string;
  /** Host and port of a search domain, without a scheme. */
  readonly searchEndpoint: (domainName: string, address: string) => string;
  /** Where a cache is reached; `port` is the one its resource asks for. */
  readonly cacheAddress: (id: string, port: number, address: string) => HostAndPort;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** A resource whose arguments are resolved and checked. */
export interface Resource {
  /** What references see: its arguments with their defaults, and what AWS computes. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly inert: readonly InertResource[];
  /** Adds what it amounts to. */
  contribute(draft: Draft): void;
}

/** A resource type that is run or declared inert here. */
export interface ResourceType {
  /** `aws_sqs_queue`, or `data.aws_region` for a data source. */
  readonly type: string;
  /** Argument names; one that is not set is null to a reference. */
  readonly argumentNames: ReadonlySet<string>;
  /** Checks resolved arguments; answers the problems when there are any. */
  read(address: string, raw: Readonly<Record<string, unknown>>, place: Place): Resource | string[];
}

interface Self<Args, Attributes> {
  readonly address: string;
  /** The resource's name in the stack, without its type. */
  readonly label: string;
  readonly args: Args;
  readonly attributes: Attributes;
  readonly place: Place;
}

interface Definition<Schema extends z.ZodObject, Attributes extends object> {
  readonly type: string;
  readonly schema: Schema;
  /** Set for a type that does nothing here; a function for one of which some do. */
  readonly inert?: string | ((args: z.output<Schema>) => string | undefined);
  /** What AWS computes: ARN, id and the like. */
  readonly attributes: (args: z.output<Schema>, place: Place, address: string) => Attributes;
  /** What the resource adds to the stack. */
  readonly contribute?: (self: Self<z.output<Schema>, Attributes>, draft: Draft) => void;
}

/** Stands for a value that could not be resolved; its problem is reported where it arose, and only there. */
export const BROKEN: unique symbol = Symbol('broken');

/** Declares a resource type. */
export function resourceType<Schema extends z.ZodObject, Attributes extends object>(
  definition: Definition<Schema, Attributes>,
): ResourceType {
  const { type, schema } = definition;
  return {
    type,
    argumentNames: new Set(Object.keys(schema.shape)),
    read(address, raw, place) {
      const parsed = schema.safeParse(raw, { reportInput: true });
      if (!parsed.success) {
        return parsed.error.issues
          .filter((issue) => issue.input !== BROKEN)
          .map((issue) => `${address}: ${sentence(issue, schema)}`);
      }
      const args = parsed.data;
      const attributes = definition.attributes(args, place, address);
      const label = address.slice(type.length + 1);
      const inert = typeof definition.inert === 'function' ? definition.inert(args) : definition.inert;
      return {
        attributes: { ...args, ...attributes },
        inert: inert === undefined ? inertPlaces(address, schema.shape, raw) : [{ address, reason: inert }],
        contribute: (draft) => definition.contribute?.({ address, label, args, attributes, place }, draft),
      };
    },
  };
}

/**
 * Declares a type that does nothing here and can be referred to. Of its arguments only the name is looked at.
 *
 * @param nameArgument the argument that holds its name. @param attributes what AWS computes from that name.
 */
export function inertType(
  type: string,
  inert: string,
  nameArgument: string,
  attributes: (name: string, place: Place) => Record<string, string>,
): ResourceType {
  return resourceType({
    type,
    inert,
    schema: anyArgs(nameArgument),
    attributes: (args, place) => attributes(String(args[nameArgument]), place),
  });
}

function inertPlaces(address: string, shape: z.ZodRawShape, raw: unknown): InertResource[] {
  return [...inertArguments(shape, raw)].map(([argument, reason]) => ({ address, argument, reason }));
}

function sentence(issue: z.core.$ZodIssue, schema: z.ZodObject): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => `"${path === '' ? key : `${path}.${key}`}"`);
    const noun = names.length === 1 ? `argument ${names[0]} is` : `arguments ${names.join(', ')} are`;
    const offer = path === '' ? `; supported are ${offeredArguments(schema).join(', ')}` : '';
    return `${noun} not supported here. Remove ${names.length === 1 ? 'it' : 'them'}${offer}`;
  }
  const argument = `argument "${path}"`;
  if (issue.input === undefined) return `${argument} is required here`;
  if (issue.code === 'invalid_type' && issue.expected === 'never') return `${argument} ${issue.message}`;
  const value = typeof issue.input === 'object' ? '' : ` is ${JSON.stringify(issue.input)}`;
  return `${argument}${value}: ${issue.message.replace(/^Invalid input: /, '')}`;
}
