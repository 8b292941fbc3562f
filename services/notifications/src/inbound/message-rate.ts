/** Whether one more message may come: so many a second, and for a moment twice as many at once. */
export function createMessageRate(perSecond: number, nowMs: () => number): { take(): boolean } {
  const most = 2 * perSecond;
  let left = most;
  let atMs = nowMs();
  return {
    take() {
      const now = nowMs();
      left = Math.min(most, left + ((now - atMs) / 1_000) * perSecond);
      atMs = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
