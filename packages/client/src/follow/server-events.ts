/** One message of a `text/event-stream`. */
export interface ServerEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** Takes the text of a stream piece by piece, wherever it was cut, and gives the messages that are whole. Lines end as g-store ends them. */
export function createServerEventReader(): (piece: string) => readonly ServerEvent[] {
  let rest = '';
  let event = '';
  let id: string | undefined;
  let data: string[] = [];

  const take = (line: string): readonly ServerEvent[] => {
    if (line === '') {
      const whole = data.length === 0 ? [] : [{ event: event || 'message', id, data: data.join('\n') }];
      [event, data] = ['', []];
      return whole;
    }
    const [, name, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === 'event') event = value;
    if (name === 'data') data.push(value);
    if (name === 'id') id = value;
    return [];
  };

  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    return lines.flatMap((line) => take(line.replace(/\r$/, '')));
  };
}
