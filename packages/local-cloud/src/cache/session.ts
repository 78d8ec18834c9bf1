import { CommandError, wholeIn } from './arguments.ts';
import { checkedCommand, KEY_COMMANDS } from './commands.ts';
import type { Keyspace } from './keyspace.ts';
import {
  array,
  bulk,
  failure,
  integer,
  NOTHING,
  OK,
  QUEUED,
  written,
  type Protocol,
  type Reply,
} from './reply.ts';
import type { Command } from './resp-reader.ts';

/** Commands about the connection itself, with their fewest and most arguments. */
const CONNECTION_COMMANDS = new Map([
  ['PING', { least: 0, most: 1 }],
  ['HELLO', { least: 0, most: 6 }],
  ['AUTH', { least: 1, most: 2 }],
  ['SELECT', { least: 1, most: 1 }],
  ['CLIENT', { least: 1, most: Infinity }],
  ['MULTI', { least: 0, most: 0 }],
  ['EXEC', { least: 0, most: 0 }],
  ['DISCARD', { least: 0, most: 0 }],
  ['QUIT', { least: 0, most: Infinity }],
]);
const COMMANDS = new Map([...CONNECTION_COMMANDS, ...KEY_COMMANDS]);

/** What is done at once also between MULTI and EXEC. */
const NEVER_QUEUED = ['MULTI', 'EXEC', 'DISCARD', 'QUIT'];

/** Most bytes of the commands of one transaction. */
const LARGEST_TRANSACTION = 32 * 1024 * 1024;

/** One connection: what it has agreed on, and its transaction under way. */
export class Session {
  readonly #keys: Keyspace;
  readonly #id: number;
  #protocol: Protocol = 2;
  /** Set between MULTI and EXEC. */
  #transaction: { readonly queue: Command[]; bytes: number; broken: boolean } | undefined;
  /** Whether the client said good-bye, or is no longer listened to. */
  isOver = false;

  constructor(keys: Keyspace, id: number) {
    this.#keys = keys;
    this.#id = id;
  }

  /** Answers one command, in the protocol's words. */
  answer(command: Command): string {
    const reply = this.#reply(command);
    // HELLO itself is answered in the version that it asks for.
    return written(reply, this.#protocol);
  }

  #reply(command: Command): Reply {
    const name = command[0]?.toUpperCase() ?? '';
    try {
      checkedCommand(command, COMMANDS);
      if (!this.#transaction || NEVER_QUEUED.includes(name)) return this.#run(command);
      this.#transaction.bytes += command.reduce((sum, argument) => sum + argument.length + 32, 0);
      if (this.#transaction.bytes > LARGEST_TRANSACTION)
        throw new CommandError(`ERR a transaction may have up to ${LARGEST_TRANSACTION} bytes here`);
      this.#transaction.queue.push(command);
      return QUEUED;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (this.#transaction && !NEVER_QUEUED.includes(name)) this.#transaction.broken = true;
      return failure(error.message);
    }
  }

  #run([name = '', ...args]: Command): Reply {
    const [first = ''] = args;
    switch (name.toUpperCase()) {
      case 'PING':
        return args.length === 0 ? { kind: 'status', text: 'PONG' } : bulk(first);
      case 'HELLO':
        return this.#hello(args);
      case 'AUTH':
        throw noPassword();
      case 'SELECT':
        if (wholeIn(first) !== 0)
          throw new CommandError('ERR DB index is out of range: there is only 0 here');
        return OK;
      case 'CLIENT':
        return this.#client(first, args.length - 1);
      case 'MULTI':
        if (this.#transaction) throw new CommandError('ERR MULTI calls can not be nested');
        this.#transaction = { queue: [], bytes: 0, broken: false };
        return OK;
      case 'EXEC':
        return this.#exec();
      case 'DISCARD':
        if (!this.#transaction) throw new CommandError('ERR DISCARD without MULTI');
        this.#transaction = undefined;
        return OK;
      case 'QUIT':
        this.isOver = true;
        return OK;
      default:
        return KEY_COMMANDS.get(name.toUpperCase())?.run(this.#keys, args) ?? NOTHING;
    }
  }

  #exec(): Reply {
    const transaction = this.#transaction;
    if (!transaction) throw new CommandError('ERR EXEC without MULTI');
    this.#transaction = undefined;
    if (transaction.broken)
      throw new CommandError('EXECABORT Transaction discarded because of previous errors.');
    return array(transaction.queue.map((command) => this.#reply(command)));
  }

  /** Newer clients ask for version 3 of the protocol, in which nothing but the writing of replies differs. */
  #hello([version, ...options]: readonly string[]): Reply {
    if (version !== undefined && version !== '2' && version !== '3')
      throw new CommandError('NOPROTO unsupported protocol version');
    if (options.some((option) => option.toUpperCase() === 'AUTH')) throw noPassword();
    if (options.length > 0 && !(options.length === 2 && options[0]?.toUpperCase() === 'SETNAME'))
      throw new CommandError('ERR Syntax error in HELLO');
    if (version !== undefined) this.#protocol = version === '3' ? 3 : 2;
    const entries: [string, Reply][] = [
      ['server', bulk('local-cloud')],
      ['version', bulk('7.2.4')],
      ['proto', integer(this.#protocol)],
      ['id', integer(this.#id)],
      ['mode', bulk('standalone')],
      ['role', bulk('master')],
      ['modules', array([])],
    ];
    return { kind: 'map', entries };
  }

  #client(subcommand: string, count: number): Reply {
    const word = subcommand.toUpperCase();
    if (word === 'ID' && count === 0) return integer(this.#id);
    if ((word === 'SETINFO' && count === 2) || (word === 'SETNAME' && count === 1)) return OK;
    throw new CommandError(`ERR unknown subcommand '${subcommand.slice(0, 128)}'. Try CLIENT HELP.`);
  }
}

function noPassword(): CommandError {
  return new CommandError(
    'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
  );
}
