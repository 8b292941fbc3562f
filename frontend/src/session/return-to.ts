/** Where to go after signing in: an address of this page, and never of another. */
export function safeReturn(wished: unknown): string | undefined {
  if (typeof wished !== 'string' || !/^\/(?![/\\])/.test(wished)) return undefined;
  return /^\/(sign-in|register)\b/.test(wished) ? undefined : wished;
}
