import { compilePattern, InvalidPattern, parseEvent } from './pattern.ts';

const matches = (pattern: string, event: string) => compilePattern(pattern)(parseEvent(event));

describe('a pattern', () => {
  it.each([
    ['needs every field', '{"a":["x"],"b":["y"]}', '{"a":"x"}', false],
    ['takes any of a field’s values', '{"a":["x","y"]}', '{"a":"y"}', true],
    ['ignores fields it does not name', '{"a":["x"]}', '{"a":"x","z":{"a":"q"}}', true],
    ['tells a number from its text', '{"a":[5]}', '{"a":"5"}', false],
    ['compares numbers by value', '{"a":[300]}', '{"a":300.0}', true],
    ['compares numbers by value, whatever their spelling', '{"a":[3.0e2]}', '{"a":300}', true],
    ['tells null from its text', '{"a":[null]}', '{"a":"null"}', false],
    ['sees an empty array as no value', '{"a":[{"exists":false}]}', '{"a":[]}', true],
    ['sees null as a value', '{"a":[{"exists":true}]}', '{"a":null}', true],
    ['sees no value in an object', '{"a":[{"exists":false}]}', '{"a":{"b":1}}', true],
    ['matches an array by one of its elements', '{"a":["x"]}', '{"a":["y","x"]}', true],
    ['looks into arrays in arrays', '{"a":{"b":["x"]}}', '{"a":[[{"b":"y"}],[{"b":"x"}]]}', true],
    ['joins dotted keys of the pattern', '{"a.b":["x"]}', '{"a":{"b":"x"}}', true],
    ['joins dotted keys of the event', '{"a":{"b":{"c":["x"]}}}', '{"a":{"b.c":"x"}}', true],
    ['merges a repeated key', '{"a":{"b":["x"]},"a":{"c":["y"]}}', '{"a":{"c":"y"}}', false],
    ['takes the last of a repeated path', '{"a":["x"],"a":["y"]}', '{"a":"y"}', true],
    ['is read up to its last bracket', '{"a":["x"]}} more', '{"a":"x"}', true],
    ['refuses nothing of an event that is no object', '{"a":[{"exists":false}]}', '"text"', false],
  ])('%s', (_what, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it.each([
    ['in one element', '{"l":[{"k":"a","v":1},{"k":"b","v":2}]}', '{"l":{"k":["a"],"v":[1]}}', true],
    ['in different elements', '{"l":[{"k":"a","v":1},{"k":"b","v":2}]}', '{"l":{"k":["a"],"v":[2]}}', false],
    ['in an element and outside', '{"l":[{"k":"a"}],"v":2}', '{"l":{"k":["a"]},"v":[2]}', true],
    [
      'absent from the same element',
      '{"l":[{"a":1},{"a":2,"b":3}]}',
      '{"l":{"a":[1],"b":[{"exists":false}]}}',
      true,
    ],
    [
      'absent from another element',
      '{"l":[{"a":1},{"a":2,"b":3}]}',
      '{"l":{"a":[2],"b":[{"exists":false}]}}',
      false,
    ],
    ['in the inner element alone', '{"o":[{"i":[{"a":1},{"b":2}]}]}', '{"o":{"i":{"a":[1],"b":[2]}}}', false],
    [
      'in any of several fitting elements',
      '{"a":["x",1],"l":[{"b":1},{"b":2,"c":3}]}',
      '{"l":{"b":[{"exists":true}],"c":[3]}}',
      true,
    ],
  ])('combines values that lie %s', (_where, event, pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it('finds the place in which a field is absent although the field is present elsewhere', () => {
    const pattern = '{"k":{"a":[{"exists":true}],"b":[{"exists":false}]}}';
    expect(matches(pattern, '{"k":[{"b":1},{"a":1}]}')).toBe(true);
    expect(matches(pattern, '{"k":[{"a":1,"b":1}]}')).toBe(false);
  });

  it('tries every place of a value, also after one outside of all places has failed', () => {
    const pattern = '{"l":{"a":[1],"b":[{"exists":false}]}}';
    expect(matches(pattern, '{"l.a":1,"l":[{"a":1},{"b":1}]}')).toBe(true);
  });
});

describe('an operator', () => {
  it.each([
    ['{"prefix":"ab"}', '"abc"', true],
    ['{"prefix":""}', '7', false],
    ['{"prefix":"ab\\""}', '"ab"', true],
    ['{"suffix":"bc"}', '"abc"', true],
    ['{"suffix":"\\"bc"}', '"bc"', true],
    ['{"prefix":{"equals-ignore-case":"aB"}}', '"AbC"', true],
    ['{"suffix":{"equals-ignore-case":"(c)"}}', '"x(C)"', true],
    ['{"equals-ignore-case":"straße"}', '"STRASSE"', true],
    ['{"equals-ignore-case":"k"}', '"\u212a"', false],
    ['{"wildcard":"a*c*e"}', '"abcde"', true],
    ['{"wildcard":"a*a"}', '"a"', false],
    ['{"wildcard":"*"}', '""', true],
    ['{"wildcard":"\\\\*x"}', '"*x"', true],
    ['{"wildcard":"\\\\*x"}', '"yx"', false],
    ['{"wildcard":""}', '""', true],
    ['{"exactly":"x"}', '"x"', true],
    ['{"numeric":[">",0,"<=",5]}', '5', true],
    ['{"numeric":[">",0,"<=",5]}', '0', false],
    ['{"numeric":["=",3.018e2]}', '301.8', true],
    ['{"numeric":["<",10]}', '"5"', false],
    ['{"cidr":"10.0.0.9/24"}', '"10.0.0.1"', true],
    ['{"cidr":"10.0.0.0/24"}', '"10.0.1.0"', false],
    ['{"cidr":"2001:db8::/32"}', '"2001:db8:1::"', true],
    ['{"cidr":"10.0.0.0/24"}', '"10.0.0.256"', false],
    ['{"cidr":"10.0.0.0/24"}', '"010.00.0.009"', true],
    ['{"cidr":"10.0.0.0/+24/"}', '"10.0.0.1"', true],
    ['{"cidr":"::/0"}', '"000001::"', true],
    ['"2001:db8::1"', '"2001:0db8:0:0:0:0:0:1"', true],
    ['"10.0.0.1"', '"::ffff:a00:1"', true],
    ['{"anything-but":"x"}', '"y"', true],
    ['{"anything-but":["x","y"]}', '["x","y"]', false],
    ['{"anything-but":["x","y"]}', '["x","z"]', true],
    ['{"anything-but":["x"]}', 'null', true],
    ['{"anything-but":5}', '5.0', false],
    ['{"anything-but":5}', '"5"', true],
    ['{"anything-but":{"prefix":["a","b"]}}', '"bc"', false],
    ['{"anything-but":{"wildcard":"*b*"}}', '"abc"', false],
    ['{"anything-but":{"equals-ignore-case":["A"]}}', '"a"', false],
    ['{"anything-but":{"suffix":"c"}}', '7', true],
  ])('%s decides %s as %s', (element, value, expected) => {
    expect(matches(`{"a":[${element}]}`, `{"a":${value}}`)).toBe(expected);
  });

  it('needs the field, also when it negates', () => {
    expect(matches('{"a":[{"anything-but":"x"}]}', '{}')).toBe(false);
  });
});

describe('$or', () => {
  const pattern = '{"s":["x"],"d":{"$or":[{"a":[1]},{"b":[2],"$or":[{"c":[3]},{"e":[4]}]}]}}';

  it.each([
    ['{"s":"x","d":{"a":1}}', true],
    ['{"s":"x","d":{"b":2,"e":4}}', true],
    ['{"s":"x","d":{"b":2}}', false],
    ['{"s":"y","d":{"a":1}}', false],
  ])('decides %s as %s', (event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it('overrides in its branch what stood before it, and holds for what follows', () => {
    const overriding = '{"n":["a"],"$or":[{"n":["b"]},{"c":[1]}],"z":[0]}';
    expect(matches(overriding, '{"n":"b","z":0}')).toBe(true);
    expect(matches(overriding, '{"n":"b","c":1,"z":9}')).toBe(false);
  });
});

describe('a key that an event repeats', () => {
  it.each([
    ['counts with its first value', '{"a":[1]}', '{"a":1,"a":2}', true],
    ['counts with its last value', '{"a":[2]}', '{"a":1,"a":2}', true],
    ['counts with the fields of every object', '{"a":{"x":[1],"y":[2]}}', '{"a":{"x":1},"a":{"y":2}}', true],
    ['counts as a value and as an object', '{"a":[1],"a":{"x":[2]}}', '{"a":1,"a":{"x":2}}', true],
    ['exists with any of its values', '{"a":[{"exists":false}]}', '{"a":{"x":1},"a":1}', false],
    ['may stand far from the other', '{"b":{"a":[1]}}', '{"b": {"a" : 1, "c": ":", "a"\n: 2}}', true],
    ['may hold a list', '{"a":[1]}', '{"a":1,"a":[7]}', true],
    ['may need its escapes read', '{"a\\"":[1]}', '{"a\\"":1,"a\\"":2}', true],
    ['is not seen in a text', '{"a":["x\\":"]}', '{"a":"x\\":"}', true],
  ])('%s', (_how, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it('leaves the event as JSON.parse has it where none repeats', () => {
    const event = '{"a":{"b":[1,{"c":"d\\":"}],"__proto__":":e"},"f" :null}';
    expect(parseEvent(event)).toEqual(JSON.parse(event));
  });
});

describe('a number that no double holds', () => {
  it('is matched by its spelling alone', () => {
    expect(matches('{"a":[1e400]}', '{"a":1e400}')).toBe(true);
    expect(matches('{"a":[1e400]}', '{"a":10e399}')).toBe(false);
    expect(matches('{"a":[0.12345678901234567890]}', '{"a":0.12345678901234567}')).toBe(false);
  });

  it('has no place in an order', () => {
    expect(matches('{"a":[{"numeric":[">",0]}]}', '{"a":1e400}')).toBe(false);
    expect(matches('{"a":[{"anything-but":5}]}', '{"a":1e400}')).toBe(true);
  });

  it('is kept by the parser only where it matters', () => {
    expect(parseEvent('{"a":1e3,"b":"x:1e400"}')).toEqual({ a: 1000, b: 'x:1e400' });
  });
});

describe('EventBridge refuses', () => {
  it.each([
    ['text that is no JSON', 'pattern'],
    ['a pattern that is no object', '[1]'],
    ['an empty object', '{"a":{}}'],
    ['an empty array', '{"a":[]}'],
    ['a bare value', '{"a":1}'],
    ['an array in an array', '{"a":[[1]]}'],
    ['an unknown operator', '{"a":[{"like":"x"}]}'],
    ['an operator that every object has', '{"a":[{"constructor":"x"}]}'],
    ['a comparison that every object has', '{"a":[{"numeric":["toString",1]}]}'],
    ['an operator in another case', '{"a":[{"Prefix":"x"}]}'],
    ['two operators in one object', '{"a":[{"prefix":"x","suffix":"y"}]}'],
    ['no operator', '{"a":[{}]}'],
    ['a prefix that is no text', '{"a":[{"prefix":3}]}'],
    ['a list of suffixes', '{"a":[{"suffix":["x"]}]}'],
    ['another operator inside prefix', '{"a":[{"prefix":{"wildcard":"x"}}]}'],
    ['exists with a text', '{"a":[{"exists":"true"}]}'],
    ['anything-but null', '{"a":[{"anything-but":null}]}'],
    ['anything-but of mixed types', '{"a":[{"anything-but":["x",1]}]}'],
    ['anything-but nothing', '{"a":[{"anything-but":[]}]}'],
    ['anything-but an empty prefix', '{"a":[{"anything-but":{"prefix":""}}]}'],
    ['anything-but a number as wildcard', '{"a":[{"anything-but":{"wildcard":[1]}}]}'],
    ['anything-but with an operator it does not take', '{"a":[{"anything-but":{"exists":true}}]}'],
    ['two wildcards in a row', '{"a":[{"wildcard":"a**b"}]}'],
    ['an escape at the end of a wildcard', '{"a":[{"wildcard":"a\\\\"}]}'],
    ['a range that is empty', '{"a":[{"numeric":[">",1,"<",1]}]}'],
    ['a range that starts at the top', '{"a":[{"numeric":["<",1,">",0]}]}'],
    ['a range of two bottoms', '{"a":[{"numeric":[">",1,">",2]}]}'],
    ['a third bound', '{"a":[{"numeric":[">",1,"<",3,"<",4]}]}'],
    ['a comparison with a text', '{"a":[{"numeric":["=","1"]}]}'],
    ['an unknown comparison', '{"a":[{"numeric":["==",1]}]}'],
    ['a bound beyond every double', '{"a":[{"numeric":["=",1e309]}]}'],
    ['nothing below the lowest double', '{"a":[{"numeric":["<",-1.7976931348623157e308]}]}'],
    ['nothing above the highest double', '{"a":[{"numeric":[">",1.7976931348623157e308]}]}'],
    ['a bound that a double rounds', '{"a":[{"numeric":["=",1e-325]}]}'],
    ['a block without a mask', '{"a":[{"cidr":"10.0.0.0"}]}'],
    ['a block with too many bits', '{"a":[{"cidr":"10.0.0.0/32"}]}'],
    ['a block that is no address', '{"a":[{"cidr":"xx.11.xx/8"}]}'],
    ['$or with one branch', '{"$or":[{"a":[1]}]}'],
    ['$or that is no array', '{"$or":{"a":[1]}}'],
    ['$or of values', '{"$or":[1,2]}'],
    [
      '$or with more than 1,000 combinations',
      `{${Array.from({ length: 10 }, (_, n) => `"f${n}":{"$or":[{"a":[1]},{"b":[1]}]}`).join(',')}}`,
    ],
    ['an operator as field name inside $or', '{"$or":[{"numeric":[1]},{"a":[1]}]}'],
  ])('%s', (_what, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(InvalidPattern);
  });
});

describe('the reason of a refusal', () => {
  it.each([
    ['{"exactly":1}', 'exact match pattern must be a string'],
    ['{"cidr":1}', 'prefix match pattern must be a string'],
    ['{"cidr":"10.0.0.1/-1"}', 'Malformed CIDR, mask bits must not be negative'],
    ['{"cidr":"10.0.0.256/8"}', 'Invalid IP address: 10.0.0.256'],
    ['{"cidr":"10.0.0/8"}', 'Nonstandard IP address: 10.0.0'],
    ['{"wildcard":"é**"}', 'Consecutive wildcard characters at pos 3'],
    ['{"wildcard":"a\\\\b"}', 'Invalid escape character at pos 2'],
    ['{"prefix":{}}', 'Prefix expression name not found'],
    ['{"suffix":{"equals-ignore-case":1}}', 'equals-ignore-case match pattern must be a string'],
    ['{"suffix":{"equals-ignore-case":"a","b":1}}', 'Only one key allowed in match expression'],
    ['{"prefix":1,"suffix":"a"}', 'prefix match pattern must be a string'],
    ['{"prefix":"a","suffix":"a"}', 'Only one key allowed in match expression'],
    ['{"anything-but":"a","b":1}', 'Too many elements in numeric expression'],
    ['{"anything-but":{"prefix":"a","b":1}}', 'Too many elements in numeric expression'],
    ['{"anything-but":{"prefix":1}}', 'prefix/suffix match pattern must be a string'],
    [
      '{"anything-but":{"equals-ignore-case":[1]}}',
      'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
    ],
    ['{"anything-but":null}', 'Value of anything-but must be an array or single string/number value.'],
    ['{"numeric":["=",1],"b":1}', 'Too many elements in numeric expression'],
    ['{"numeric":["="]}', 'Value of equals must be numeric'],
    ['{"numeric":[]}', 'Invalid member in numeric match: ]'],
    ['{"numeric":[{}]}', 'Invalid member in numeric match: {'],
    ['{"numeric":[[]]}', 'Invalid member in numeric match: ['],
    ['{"numeric":[">",1,true]}', 'Bad value in numeric range: true'],
    ['{"numeric":[">",1,2]}', 'Bad value in numeric range: 2'],
  ])('of %s is AWS’s own', (element, reason) => {
    expect(() => compilePattern(`{"a":[${element}]}`)).toThrow(new InvalidPattern(reason));
  });
});
