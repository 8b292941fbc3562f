import { createJoin, frameOf } from './frames.js';

describe('a frame', () => {
  it.each([
    ['short', 'hello', [0x81, 5]],
    ['of two-byte letters', 'привет', [0x81, 12]],
    ['of 125 bytes', 'x'.repeat(125), [0x81, 125]],
    ['of 126 bytes', 'x'.repeat(126), [0x81, 126, 0, 126]],
    ['long', 'x'.repeat(60_000), [0x81, 126, 0xea, 0x60]],
  ])('that is %s says how long it is, and then what it holds', (_kind, text, head) => {
    const frame = frameOf(text);
    expect([...frame.subarray(0, head.length)]).toEqual(head);
    expect(frame.toString('utf8', head.length)).toBe(text);
  });
});

describe('several frames', () => {
  it('go out as one piece, which those who get the same share', () => {
    const join = createJoin();
    const [a, b, c] = ['a', 'b', 'c'].map(frameOf) as [Buffer, Buffer, Buffer];
    expect(join([a])).toBe(a);
    const both = join([a, b]);
    expect(both).toEqual(Buffer.concat([a, b]));
    expect(join([a, b])).toBe(both);
    expect(join([a, c])).toEqual(Buffer.concat([a, c]));
    expect(join([frameOf('a'), b])).toEqual(both);
    expect(join([a, b, c])).toEqual(Buffer.concat([a, b, c]));
  });
});
