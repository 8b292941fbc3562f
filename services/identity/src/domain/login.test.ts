import fc from 'fast-check';
import { foldLogin, isGophermartPassword, isLogin, isName, isPassword } from './login.js';

describe('a login', () => {
  it('is the same however it is spelled', () => {
    const spellings = ['Strasse', 'STRASSE', 'Straße', 'straße', 'Ｓtrasse'];
    expect(new Set(spellings.map(foldLogin))).toEqual(new Set(['strasse']));
    expect(foldLogin('Οδός')).toBe(foldLogin('ΟΔΌΣ'));
    expect(foldLogin('Zoe\u0308')).toBe(foldLogin('ZOË'));
  });

  it('keeps two different people apart', () => {
    expect(foldLogin('alice')).not.toBe(foldLogin('alicе')); // the second ends in a Cyrillic letter
    expect(foldLogin('ivan')).not.toBe(foldLogin('ivan1'));
  });

  it('does not change by being folded again, raised or lowered', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (login) => {
        const folded = foldLogin(login);
        expect(foldLogin(folded)).toBe(folded);
        expect(foldLogin(login.normalize('NFKC').toUpperCase())).toBe(folded);
      }),
    );
  });

  it.each(['', ' alice', 'alice ', 'al\u0000ice', 'al\u200bice', 'a\nb', '\ud800', 'x'.repeat(65), '\ufdfa'.repeat(4)])(
    'may not be %j',
    (login) => expect(isLogin(login)).toBe(false),
  );

  it.each(['a', 'Иван Петров', 'sari@example.org', 'x'.repeat(64), '🦜'.repeat(64)])('may be %j', (login) =>
    expect(isLogin(login)).toBe(true),
  );
});

describe('a name', () => {
  it('may hold the invisible joiners that some scripts need', () => expect(isName('نیم\u200cفاصله')).toBe(true));
  it('may not turn the text round', () => expect(isName('alice\u202e')).toBe(false));
});

describe('a password', () => {
  it('needs eight characters and nothing else', () => {
    expect(['1234567', '12345678', '        ', '🦜🦜🦜🦜🦜🦜🦜', '🦜🦜🦜🦜🦜🦜🦜🦜'].map(isPassword)).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
  });
  it('may be as long as 128 characters', () => {
    expect([isPassword('x'.repeat(128)), isPassword('x'.repeat(129))]).toEqual([true, false]);
  });
  it('of Gophermart may be of one character already', () => {
    expect(['', 'x', 'x'.repeat(128), 'x'.repeat(129)].map(isGophermartPassword)).toEqual([false, true, true, false]);
  });
});
