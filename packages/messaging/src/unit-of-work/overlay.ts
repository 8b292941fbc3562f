import type { Row, Table } from '../table.js';

/** The table's declared key that a partial row names, or a programming error. */
export function keyOf<R extends Row>(
  table: Table<R>,
  given: Readonly<Record<string, unknown>>,
): readonly (keyof R & string)[] {
  for (const key of table.keys) if (isNamedBy(given, key)) return key;
  throw new TypeError(`table ${table.name} declares no key (${Object.keys(given).join(', ')})`);
}

function isNamedBy(given: object, key: readonly string[]): boolean {
  let fields = 0;
  for (const field in given) {
    if (!key.includes(field)) return false;
    fields += 1;
  }
  return fields === key.length;
}

/** One text for the values of a key, by which rows are found, sorted and told apart. */
export const keyText = (key: readonly string[], row: Readonly<Record<string, unknown>>): string =>
  key.length === 1 ? String(row[key[0] as string]) : key.map((field) => String(row[field])).join('\u0000');

const values = (row: Row): Readonly<Record<string, unknown>> => row as Readonly<Record<string, unknown>>;

/** What an attempt has seen and means to write of one table. */
interface TableState {
  readonly table: Table<Row>;
  readonly rowByPrimary: Map<string, { readonly loaded: Row | undefined; current: Row; changed: boolean }>;
  /** Per declared key, as its table holds it: key text → primary key text, or `null` where the database has said that there is none. */
  readonly primaryByKey: ReadonlyMap<readonly string[], Map<string, string | null>>;
  readonly appended: Row[];
}

export interface TableChanges {
  readonly table: Table<Row>;
  readonly inserted: readonly Row[];
  readonly updated: readonly { readonly from: Row; readonly to: Row }[];
}

export interface Overlay {
  /** `undefined` when nothing is known under this key yet, `null` when there is no such row. */
  find(table: Table<Row>, key: Readonly<Record<string, unknown>>): Row | null | undefined;
  /** Notes what the database answered for a key. */
  loaded(
    table: Table<Row>,
    key: readonly string[],
    asked: readonly Readonly<Record<string, unknown>>[],
    rows: readonly Row[],
  ): void;
  insert(table: Table<Row>, row: Row): void;
  update(table: Table<Row>, row: Row): void;
  /** Everything recorded since `begin` counts only after `keep`; `discard` takes it back. */
  begin(): void;
  keep(): void;
  discard(): void;
  /** By table in the order of flushing, rows sorted by primary key; one change per row, however often it changed. */
  changes(): readonly TableChanges[];
}

const roleOrder = { guard: 0, dependent: 1, insert: 2 } as const;

/** `tables` in the one order in which every unit of work takes them. */
export const inFlushOrder = (tables: readonly Table<Row>[]): readonly Table<Row>[] =>
  [...tables].sort((a, b) => roleOrder[a.role] - roleOrder[b.role]);

export function createOverlay(tables: readonly Table<Row>[]): Overlay {
  const states = new Map<string, TableState>(
    inFlushOrder(tables).map((table) => [
      table.name,
      {
        table,
        rowByPrimary: new Map(),
        primaryByKey: new Map(table.keys.map((key) => [key, new Map()])),
        appended: [],
      },
    ]),
  );
  let undo: (() => void)[] = [];

  const stateOf = (table: Table<Row>): TableState => {
    const state = states.get(table.name);
    if (state === undefined) throw new TypeError(`table ${table.name} was not declared to this unit of work`);
    return state;
  };

  const setKey = (index: Map<string, string | null>, text: string, primary: string | null): void => {
    const before = index.get(text);
    index.set(text, primary);
    undo.push(() => (before === undefined ? index.delete(text) : index.set(text, before)));
  };

  const index = (state: TableState, row: Row, primary: string, before?: Row): void => {
    for (const [key, byKey] of state.primaryByKey) {
      // By its primary key a row was found.
      if (before !== undefined && key === state.table.keys[0]) continue;
      const text = keyText(key, values(row));
      const old = before === undefined ? text : keyText(key, values(before));
      if (old !== text) setKey(byKey, old, null);
      if (byKey.get(text) !== primary) setKey(byKey, text, primary);
    }
  };

  return {
    find(table, key) {
      const state = stateOf(table);
      const fields = keyOf(table, key);
      const primary = state.primaryByKey.get(fields)?.get(keyText(fields, key));
      return typeof primary === 'string' ? state.rowByPrimary.get(primary)?.current : primary;
    },

    loaded(table, key, asked, rows) {
      const state = stateOf(table);
      const byKey = state.primaryByKey.get(key) as Map<string, string | null>;
      for (const row of rows) {
        const primary = keyText(table.keys[0], values(row));
        if (state.rowByPrimary.has(primary)) continue;
        state.rowByPrimary.set(primary, { loaded: row, current: row, changed: false });
        for (const [each, primaryByText] of state.primaryByKey) primaryByText.set(keyText(each, values(row)), primary);
      }
      for (const want of asked) {
        const text = keyText(key, want);
        if (!byKey.has(text)) byKey.set(text, null);
      }
    },

    insert(table, row) {
      const state = stateOf(table);
      if (table.role === 'insert') {
        state.appended.push(row);
        undo.push(() => state.appended.pop());
        return;
      }
      const primary = keyText(table.keys[0], values(row));
      const before = state.rowByPrimary.get(primary);
      if (before !== undefined) throw new TypeError(`${table.name} ${primary} was inserted over a row that is there`);
      state.rowByPrimary.set(primary, { loaded: undefined, current: row, changed: true });
      undo.push(() => state.rowByPrimary.delete(primary));
      index(state, row, primary);
    },

    update(table, row) {
      const state = stateOf(table);
      const primary = keyText(table.keys[0], values(row));
      const entry = state.rowByPrimary.get(primary);
      if (entry === undefined) throw new TypeError(`${table.name} ${primary} was updated without having been found`);
      const { current, changed } = entry;
      entry.current = row;
      entry.changed = true;
      undo.push(() => Object.assign(entry, { current, changed }));
      index(state, row, primary, current);
    },

    begin: () => void (undo = []),
    keep: () => void (undo = []),
    discard() {
      for (const step of undo.reverse()) step();
      undo = [];
    },

    changes() {
      return [...states.values()].map(({ table, rowByPrimary, appended }) => {
        const changed = [...rowByPrimary.values()].filter((entry) => entry.changed);
        const sorted = <T>(rows: readonly T[], row: (of: T) => Row): readonly T[] =>
          rows
            .map((of) => ({ of, text: keyText(table.keys[0], values(row(of))) }))
            .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
            .map(({ of }) => of);
        return {
          table,
          inserted: sorted(
            [...appended, ...changed.filter((entry) => entry.loaded === undefined).map((entry) => entry.current)],
            (row) => row,
          ),
          updated: sorted(
            changed.flatMap((entry) => (entry.loaded === undefined ? [] : [{ from: entry.loaded, to: entry.current }])),
            ({ to }) => to,
          ),
        };
      });
    },
  };
}
