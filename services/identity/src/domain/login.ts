const longestLogin = 64;
const shortestPassword = 8;
const longestPassword = 128;

// Controls, lone surrogates, invisible marks and private characters would make two logins look like one.
const unfitForLogin = /[\p{C}\p{Zl}\p{Zp}]/u;
// Names in some scripts need invisible joiners; what turns the text round or breaks the line is never needed.
const unfitForName = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

const charactersIn = (text: string): number => [...text].length;

/**
 * What two spellings of one login have in common: NFKC, then without case.
 * Upper and then lower case together stand for Unicode's case folding, which JavaScript lacks ('ß' and 'SS' are one).
 */
export const foldLogin = (login: string): string => foldOnce(foldOnce(login));

const foldOnce = (text: string): string => text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');

/** 1–64 printable characters, without space at either end. */
export const isLogin = (login: string): boolean =>
  isLine(login, longestLogin, unfitForLogin) && isLine(foldLogin(login), longestLogin, unfitForLogin);

/** A person's name as shown: 1–100 printable characters, without space at either end. */
export const isName = (name: string): boolean => isLine(name, 100, unfitForName);

const isLine = (text: string, longest: number, unfit: RegExp): boolean =>
  text !== '' && text === text.trim() && charactersIn(text) <= longest && !unfit.test(text);

/** 8–128 characters of any kind: length is the only rule. */
export const isPassword = (password: string): boolean => isSecret(password, shortestPassword);

/** 1–128 characters: clients of Gophermart know no shortest password. */
export const isGophermartPassword = (password: string): boolean => isSecret(password, 1);

const isSecret = (password: string, shortest: number): boolean => {
  const length = charactersIn(password);
  return length >= shortest && length <= longestPassword;
};
