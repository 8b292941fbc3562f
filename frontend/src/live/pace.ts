/** Runs at once after a quiet time, and then at most once in `everyMs`; what is asked for last is never left undone. */
export function createPace(everyMs: number, run: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const rest = () => {
    timer = undefined;
    if (again) ask();
  };
  const ask = (): void => {
    again = timer !== undefined;
    if (again) return;
    timer = setTimeout(rest, everyMs);
    run();
  };
  return { ask, [Symbol.dispose]: () => clearTimeout(timer) };
}
