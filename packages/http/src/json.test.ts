import { parseJson, toJson, WrittenNumber } from './json.js';

describe('a JSON text from outside', () => {
  it.each(['{"__proto__":{}}', '{"a":[{"constructor":1}]}', '{"prototype":1}', '{"\\u005f_proto__":1}'])(
    'is refused with a key that could change what every object is: %s',
    (text) => {
      expect(() => parseJson(text)).toThrow(expect.objectContaining({ detail: 'is not known' }));
    },
  );

  it.each([
    '{"a":1,"a":1}',
    '{"a":{"b":1,"b":2}}',
    '{"a":[{"b":1},{"b":1,"c":[],"b":1}]}',
    '{"":1,"":2}',
    '{"\\"":1,"\\u0022":2}',
  ])('is refused with a key that is given twice: %s', (text) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ detail: 'is given twice' }));
  });

  it.each([
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    '{"a":"a","b":"\\"b\\":1,\\"b\\":","c":"{\\\\"}',
    '["a","a",{"a":["a","a"]}]',
    ' { "a" : [ ] , "b" : { } , "c" : null , "d" : -7 , "e" : true } ',
    '"a"',
    '0',
  ])('is what JSON.parse says it is otherwise: %s', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('keeps a number as it was written unless it is a plain whole one', () => {
    expect(parseJson('[1, -1, 0, 9007199254740991]')).toEqual([1, -1, 0, 9007199254740991]);
    const written = ['1.0', '1e3', '-0', '9007199254740993', '0.1', '1E400'];
    expect(parseJson(`[${written.join()}]`)).toEqual(written.map((literal) => new WrittenNumber(literal)));
    expect(parseJson('{"a":"1.5","b":1.5}')).toEqual({ a: '1.5', b: new WrittenNumber('1.5') });
  });
});

describe('the JSON of an answer', () => {
  it('writes a bigint as an integer, however large', () => {
    expect(toJson({ a: 9007199254740993n, b: [1n], c: 'd' })).toBe('{"a":9007199254740993,"b":[1],"c":"d"}');
  });
});
