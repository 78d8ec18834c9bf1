import fc from 'fast-check';
import { ProtocolError, RespReader, type Command } from './resp-reader.ts';

function bytesOf(...commands: Command[]): Buffer {
  const text = commands.map(
    (command) => `*${command.length}\r\n${command.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`,
  );
  return Buffer.from(text.join(''), 'latin1');
}

function read(...pieces: Buffer[]): Command[] {
  const reader = new RespReader();
  return pieces.flatMap((piece) => [...reader.push(piece)]);
}

describe('commands', () => {
  it('are read whatever bytes they hold and however they arrive', () => {
    const word = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    const commands = fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { maxLength: 5 });
    fc.assert(
      fc.property(commands, fc.array(fc.nat(400), { maxLength: 8 }), (sent, cuts) => {
        const bytes = bytesOf(...sent);
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));

        expect(read(...pieces)).toEqual(sent);
      }),
    );
  });

  it('are read one byte at a time', () => {
    const bytes = bytesOf(['ZADD', 'key', '1', '{"a":1}'], ['PING']);
    expect(read(...[...bytes].map((byte) => Buffer.of(byte)))).toEqual([
      ['ZADD', 'key', '1', '{"a":1}'],
      ['PING'],
    ]);
  });

  it('may have arguments that come in pieces and together are nearly too long', () => {
    const argument = 'x'.repeat(7_000_000);
    const bytes = bytesOf(['ZADD', argument, argument]);
    const pieces = [0, 4_000_000, 10_000_000].map((start, index) =>
      bytes.subarray(start, [4_000_000, 10_000_000, bytes.length][index]),
    );
    expect(read(...pieces).map((command) => command.length)).toEqual([3]);
  });

  it.each([
    ['PING\r\n', [['PING']]],
    ['  PING   hello\tyou \nPING\n', [['PING', 'hello', 'you'], ['PING']]],
    ['\r\n\r\nPING\r\n', [['PING']]],
    ['*0\r\n*-1\r\nPING\r\n', [['PING']]],
    ['*1\r\n$0\r\n\r\n', [['']]],
  ])('may be written by hand: %j', (text, commands) => {
    expect(read(Buffer.from(text))).toEqual(commands);
  });
});

describe('what is no command', () => {
  it.each([
    ['*x\r\n', 'invalid multibulk length'],
    ['*1e3\r\n', 'invalid multibulk length'],
    ['*65537\r\n', 'invalid multibulk length'],
    ['*99999999999999999999\r\n', 'invalid multibulk length'],
    ['*1\r\nPING\r\n', "expected '$', got 'P'"],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['*1\r\n$\r\n', 'invalid bulk length'],
    ['*1\r\n$8388609\r\n', 'invalid bulk length'],
    ['*1\r\n$4\r\nPINGX\r\n', 'invalid bulk length'],
    ['x'.repeat(70_000), 'too big inline request'],
    [`*1\r\n$${'1'.repeat(70_000)}`, 'too big bulk count string'],
  ])('ends the connection: %j', (text, problem) => {
    expect(() => read(Buffer.from(text))).toThrow(new ProtocolError(problem));
  });

  it('also when all its arguments together are too long', () => {
    const argument = `$8000000\r\n${'x'.repeat(8_000_000)}\r\n`;
    expect(() => read(Buffer.from(`*3\r\n${argument}${argument}${argument}`))).toThrow('invalid bulk length');
  });
});
