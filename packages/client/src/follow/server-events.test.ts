import { createServerEventReader } from './server-events.js';

const stream =
  'event: event\nid: e1\ndata: {"a":1}\n\n: ping\n\ndata: two\ndata: lines\n\nevent: none\n\nid: e2\n: x\ndata:\r\n\r\n';
const whole = [
  { event: 'event', id: 'e1', data: '{"a":1}' },
  { event: 'message', id: 'e1', data: 'two\nlines' },
  { event: 'message', id: 'e2', data: '' },
];

describe('the messages of a stream', () => {
  it('are whole wherever the network cuts it', () => {
    for (let size = 1; size <= stream.length; size += 1) {
      const read = createServerEventReader();
      const pieces = stream.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(pieces.flatMap((piece) => read(piece))).toEqual(whole);
    }
  });

  it('are not told before they are whole', () => {
    const read = createServerEventReader();
    expect(read('data: half')).toEqual([]);
    expect(read('\n')).toEqual([]);
    expect(read('\n')).toEqual([{ event: 'message', id: undefined, data: 'half' }]);
  });
});
