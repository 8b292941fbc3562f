import { frameOf } from './frames.js';

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
