import { createGuard, createListeners } from '../listeners.js';
import type { Ports } from '../ports.js';
import type { TokenSource } from '../session/create-session.js';
import { createLane, type Lane } from './lane.js';
import type { Live, LiveState, Target } from './live.js';

export interface LiveParts {
  readonly url: string;
  readonly tokens: TokenSource;
  readonly ports: Ports;
}

/**
 * One socket for what is one's own, and another for what else is watched: a change does not say whose it is, and staff
 * who watch everybody must not take a customer's order for one of theirs.
 */
const lanes = ['own', 'others'] as const;
type LaneName = (typeof lanes)[number];

const laneOf = (target: Target): LaneName => ('scope' in target && target.scope === 'mine' ? 'own' : 'others');

export function createLive(parts: LiveParts): Live & { close(): void } {
  const listeners = createListeners<void>(createGuard(parts.ports));
  const states: Record<LaneName, LiveState> = { own: { status: 'idle' }, others: { status: 'idle' } };
  let state: LiveState = { status: 'idle' };

  const become = (lane: LaneName, next: LiveState): void => {
    // What the other one had caught up with was told before this break.
    if (state.status === 'live' && next.status !== 'live') lanes.forEach(tellNoMore);
    states[lane] = next;
    const both = worstOf(lanes.map((name) => states[name]));
    if (JSON.stringify(both) === JSON.stringify(state)) return;
    state = both;
    listeners.tell();
  };
  const tellNoMore = (lane: LaneName): void => {
    if (states[lane].status === 'live') states[lane] = { status: 'live', caughtUp: undefined };
  };
  const laneFor = (name: LaneName): Lane => createLane({ ...parts, onChange: (next) => become(name, next) });
  const byName: Readonly<Record<LaneName, Lane>> = { own: laneFor('own'), others: laneFor('others') };

  return {
    get state() {
      return state;
    },
    onChange: (listener) => listeners.add(listener),
    watch: (target, watcher) => byName[laneOf(target)].watch(target, watcher),
    reconnect: () => lanes.forEach((name) => byName[name].reconnect()),
    close: () => lanes.forEach((name) => byName[name].close()),
  };
}

const worstFirst = ['signed-out', 'polling', 'reconnecting', 'connecting'] as const;

function worstOf(states: readonly LiveState[]): LiveState {
  for (const status of worstFirst) if (states.some((state) => state.status === status)) return { status };
  const open = states.filter((state) => state.status === 'live');
  if (open.length === 0) return { status: 'idle' };
  const caughtUp = open.flatMap((state) => state.caughtUp ?? []);
  return { status: 'live', caughtUp: caughtUp.length === 0 ? undefined : caughtUp.reduce((sum, each) => sum + each) };
}
