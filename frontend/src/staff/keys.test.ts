import { commandOf, type Keystroke } from './keys.js';

const stroke = (key: string, extra: Partial<Keystroke> = {}): Keystroke => ({
  key,
  code: '',
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...extra,
});

describe('the keyboard in the queue', () => {
  it.each([
    ['/', 'search'],
    ['?', 'help'],
    ['j', 'next'],
    ['K', 'previous'],
  ])('%s: %s', (key, command) => {
    expect(commandOf(stroke(key))).toBe(command);
  });

  it('works on a Russian keyboard, too', () => {
    expect(commandOf(stroke('о', { code: 'KeyJ' }))).toBe('next');
    expect(commandOf(stroke('л', { code: 'KeyK' }))).toBe('previous');
  });

  it('goes by the letter where letters are elsewhere', () => {
    expect(commandOf(stroke('h', { code: 'KeyJ' }))).toBeUndefined();
  });

  it('leaves what is held with another key to the browser', () => {
    expect(commandOf(stroke('k', { ctrlKey: true }))).toBeUndefined();
    expect(commandOf(stroke('j', { metaKey: true }))).toBeUndefined();
  });
});
