import { CommandError, globIn, scoreIn, syntaxError, wholeIn, wrongNumber } from './arguments.ts';
import { CAPACITY_BYTES, type Keyspace } from './keyspace.ts';
import { array, bulk, integer, NOTHING, OK, type Reply } from './reply.ts';
import type { AddRules, Scored } from './sorted-set.ts';

/** A command on the keys. */
export interface KeyCommand {
  /** Fewest and most arguments, the command itself not counted. */
  readonly least: number;
  readonly most: number;
  readonly run: (keys: Keyspace, args: readonly string[]) => Reply;
}

/**
 * The commands on keys that are run here, the same as Redis and Valkey have; every other one is unknown.
 *
 * @see https://valkey.io/commands/
 */
export const KEY_COMMANDS: ReadonlyMap<string, KeyCommand> = new Map<string, KeyCommand>([
  ['ZADD', { least: 3, most: Infinity, run: zadd }],
  ['ZRANGE', { least: 3, most: 5, run: zrange }],
  ['ZREVRANGE', { least: 3, most: 4, run: zrevrange }],
  ['ZREMRANGEBYRANK', { least: 3, most: 3, run: zremrangebyrank }],
  ['ZSCORE', { least: 2, most: 2, run: zscore }],
  ['ZCARD', { least: 1, most: 1, run: (keys, [key = '']) => integer(keys.get(key)?.size ?? 0) }],
  ['EXPIRE', { least: 2, most: 3, run: (keys, args) => expire(keys, args, 1_000) }],
  ['PEXPIRE', { least: 2, most: 3, run: (keys, args) => expire(keys, args, 1) }],
  ['TTL', { least: 1, most: 1, run: (keys, [key = '']) => timeToLive(keys, key, 1_000) }],
  ['PTTL', { least: 1, most: 1, run: (keys, [key = '']) => timeToLive(keys, key, 1) }],
  ['DEL', { least: 1, most: Infinity, run: (keys, args) => counted(args, (key) => keys.delete(key)) }],
  ['UNLINK', { least: 1, most: Infinity, run: (keys, args) => counted(args, (key) => keys.delete(key)) }],
  [
    'EXISTS',
    { least: 1, most: Infinity, run: (keys, args) => counted(args, (key) => keys.get(key) !== undefined) },
  ],
  ['SCAN', { least: 1, most: 7, run: scan }],
  ['DBSIZE', { least: 0, most: 0, run: (keys) => integer(keys.size) }],
  ['FLUSHDB', { least: 0, most: 1, run: flushdb }],
  ['INFO', { least: 0, most: Infinity, run: info }],
]);

function zadd(keys: Keyspace, [key = '', ...rest]: readonly string[]): Reply {
  let only: AddRules['only'];
  let direction: AddRules['direction'];
  let countsChanges = false;
  let at = 0;
  for (; ; at += 1) {
    const option = rest[at]?.toUpperCase();
    if (option === 'NX' && only === undefined) only = 'new';
    else if (option === 'XX' && only === undefined) only = 'existing';
    else if (option === 'GT' && direction === undefined) direction = 'up';
    else if (option === 'LT' && direction === undefined) direction = 'down';
    else if (option === 'CH') countsChanges = true;
    else break;
  }
  if (only === 'new' && direction !== undefined)
    throw new CommandError('ERR GT, LT, and/or NX options at the same time are not compatible');
  const pairs = rest.slice(at);
  if (pairs.length === 0 || pairs.length % 2 === 1) throw syntaxError();
  const members: Scored[] = [];
  for (let pair = 0; pair < pairs.length; pair += 2)
    members.push({ score: scoreIn(pairs[pair]), member: pairs[pair + 1] ?? '' });
  const rules = { ...(only && { only }), ...(direction && { direction }) };
  const outcomes = keys.update(key, (set) => members.map((member) => set.add(member, rules)));
  const reported = outcomes.filter(
    (outcome) => outcome === 'added' || (countsChanges && outcome === 'changed'),
  );
  return integer(reported.length);
}

function zrange(keys: Keyspace, [key = '', start, stop, ...options]: readonly string[]): Reply {
  const words = options.map((option) => option.toUpperCase());
  if (words.some((word) => word !== 'REV' && word !== 'WITHSCORES')) throw syntaxError();
  return ranked(keys, key, [start, stop], words.includes('REV'), words.includes('WITHSCORES'));
}

function zrevrange(keys: Keyspace, [key = '', start, stop, option]: readonly string[]): Reply {
  if (option !== undefined && option.toUpperCase() !== 'WITHSCORES') throw syntaxError();
  return ranked(keys, key, [start, stop], true, option !== undefined);
}

function ranked(
  keys: Keyspace,
  key: string,
  [start, stop]: readonly [string | undefined, string | undefined],
  isReversed: boolean,
  withScores: boolean,
): Reply {
  const [from, to] = [wholeIn(start), wholeIn(stop)];
  const set = keys.get(key);
  const members = (isReversed ? set?.reversedRange(from, to) : set?.range(from, to)) ?? [];
  if (!withScores) return array(members.map(({ member }) => bulk(member)));
  const pairs = members.map(
    ({ member, score }) => [bulk(member), { kind: 'double', value: score } as const] as const,
  );
  return { kind: 'pairs', pairs };
}

function zremrangebyrank(keys: Keyspace, [key = '', start, stop]: readonly string[]): Reply {
  const [from, to] = [wholeIn(start), wholeIn(stop)];
  if (keys.get(key) === undefined) return integer(0);
  return integer(keys.update(key, (set) => set.removeRange(from, to)));
}

function zscore(keys: Keyspace, [key = '', member = '']: readonly string[]): Reply {
  const score = keys.get(key)?.score(member);
  return score === undefined ? NOTHING : { kind: 'double', value: score };
}

function expire(keys: Keyspace, [key = '', time, option]: readonly string[], unit: number): Reply {
  if (option !== undefined) throw new CommandError(`ERR Unsupported option ${option}`);
  const milliseconds = wholeIn(time) * unit;
  return integer(keys.expireIn(key, milliseconds) ? 1 : 0);
}

/** −2 for a key that is not there, −1 for one that stays. */
function timeToLive(keys: Keyspace, key: string, unit: number): Reply {
  const left = keys.timeToLive(key);
  if (left === undefined) return integer(-2);
  return integer(left === Infinity ? -1 : Math.round(left / unit));
}

function counted(args: readonly string[], isOne: (key: string) => boolean): Reply {
  return integer(args.filter(isOne).length);
}

function scan(keys: Keyspace, [cursor = '', ...options]: readonly string[]): Reply {
  if (!/^\d{1,16}$/.test(cursor)) throw new CommandError('ERR invalid cursor');
  if (options.length % 2 === 1) throw syntaxError();
  let count = 10;
  let pattern: RegExp | undefined;
  let isOfType = true;
  for (let at = 0; at < options.length; at += 2) {
    const value = options[at + 1] ?? '';
    const option = options[at]?.toUpperCase();
    if (option === 'COUNT') count = wholeIn(value);
    else if (option === 'MATCH') pattern = globIn(value);
    else if (option === 'TYPE') isOfType = value.toLowerCase() === 'zset';
    else throw syntaxError();
  }
  if (count < 1) throw syntaxError();
  const { next, keys: found } = keys.scan(Number(cursor), count);
  const wanted = found.filter((key) => isOfType && (pattern?.test(key) ?? true));
  return array([bulk(String(next)), array(wanted.map(bulk))]);
}

function flushdb(keys: Keyspace, [option = 'SYNC']: readonly string[]): Reply {
  if (!['SYNC', 'ASYNC'].includes(option.toUpperCase())) throw syntaxError();
  keys.clear();
  return OK;
}

function info(keys: Keyspace): Reply {
  const lines = [
    '# Server',
    'server_name:local-cloud',
    'redis_version:7.2.4',
    'redis_mode:standalone',
    '',
    '# Memory',
    `used_memory:${keys.bytes}`,
    `maxmemory:${CAPACITY_BYTES}`,
    'maxmemory_policy:allkeys-lru',
    '',
    '# Stats',
    `evicted_keys:${keys.evicted}`,
    '',
    '# Keyspace',
    `db0:keys=${keys.size}`,
    '',
  ];
  return bulk(lines.join('\r\n'));
}

/** @throws {CommandError} for a command that does not exist here, or has too few or too many arguments. */
export function checkedCommand(
  [name = '', ...args]: readonly string[],
  known: ReadonlyMap<string, Pick<KeyCommand, 'least' | 'most'>>,
): void {
  const command = known.get(name.toUpperCase());
  if (command === undefined) throw unknownCommand(name, args);
  if (args.length < command.least || args.length > command.most) throw wrongNumber(name);
}

function unknownCommand(name: string, args: readonly string[]): CommandError {
  const shown = args.map((argument) => `'${argument.slice(0, 128)}' `).join('');
  return new CommandError(
    `ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${shown.slice(0, 128)}`,
  );
}
