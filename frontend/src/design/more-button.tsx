import { BusyButton } from './busy-button.js';

interface Props {
  /** Of pages, one after another. */
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  /** `Show older orders`. */
  readonly label: string;
  /** The space above it, where nothing round it keeps one. */
  readonly mt?: 'md';
}

/** Brings the next page of a list, where there is one. */
export function MoreButton({ query, label, ...space }: Props) {
  if (!query.hasNextPage) return null;
  return (
    <BusyButton
      variant="default"
      {...space}
      style={{ alignSelf: 'center' }}
      busy={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      {label}
    </BusyButton>
  );
}
