import { isIPv4, isIPv6 } from 'node:net';

/** An IP address: its bits as a number, and how many there are (32 or 128). */
interface Address {
  readonly value: bigint;
  readonly bits: 32 | 128;
}

const IPV4_IN_IPV6 = 0xffffn << 32n;

/** What could be an address by its characters. */
const LIKE_AN_ADDRESS = /^(?:\d+(?:\.\d+){3}|[\da-f:]*:[\da-f:]*)$/i;

/**
 * Reads an IPv4 or IPv6 address; undefined for any other text. An IPv4 address mapped into IPv6 is the IPv4 one, zeros
 * in front of a number mean nothing.
 */
export function parseAddress(spelled: string): Address | undefined {
  const text = spelled.replace(/\b0+(?=[\da-f])/gi, '');
  if (isIPv4(text)) return { value: joinGroups(text.split('.').map(Number), 8n), bits: 32 };
  if (!isIPv6(text) || !/^[0-9a-f:]+$/i.test(text)) return undefined;
  const value = joinGroups(ipv6Groups(text), 16n);
  return value >> 32n === IPV4_IN_IPV6 >> 32n
    ? { value: value - IPV4_IN_IPV6, bits: 32 }
    : { value, bits: 128 };
}

/**
 * Reads a block such as `10.0.0.0/24` as a test for membership.
 *
 * @throws Error with the reason where the block is malformed.
 */
export function parseBlock(text: string): (address: string) => boolean {
  const [base = '', mask = '', ...rest] = text.replace(/\/+$/, '').split('/');
  if (mask === '' || rest.length > 0) throw new Error("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(mask)) throw new Error('Malformed CIDR, mask bits must be an integer');
  if (Number(mask) < 0) throw new Error('Malformed CIDR, mask bits must not be negative');
  const network = parseAddress(base);
  if (!network)
    throw new Error(`${LIKE_AN_ADDRESS.test(base) ? 'Invalid' : 'Nonstandard'} IP address: ${base}`);
  if (Number(mask) >= network.bits) {
    throw new Error(`IPv${network.bits === 32 ? 4 : 6} mask bits must be < ${network.bits}`);
  }
  const free = BigInt(network.bits - Number(mask));
  return (candidate) => {
    const address = parseAddress(candidate);
    return address?.bits === network.bits && address.value >> free === network.value >> free;
  };
}

function ipv6Groups(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  if (tail === undefined) return groups(head);
  const missing = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...new Array<number>(missing).fill(0), ...groups(tail)];
}

function joinGroups(groups: readonly number[], width: bigint): bigint {
  return groups.reduce((value, group) => (value << width) | BigInt(group), 0n);
}
