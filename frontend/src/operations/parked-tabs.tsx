import type { ServiceName } from '@g-store/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import classes from '../design/tabs.module.css';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { hearers, type ParkedSearch } from './addresses.js';
import { statusQuery } from './queries.js';

interface Props {
  readonly service: ServiceName;
  readonly search: ParkedSearch;
}

/** The services that hear others, each with how many messages wait in it. */
export function ParkedTabs({ service: current, search }: Props) {
  const words = useWords().texts.operations.parked;
  return (
    <nav aria-label={words.service} className={classes['tabs']}>
      {hearers.map((service) => (
        <Link
          key={service}
          to="/operations/parked"
          search={{ ...(search.state && { state: search.state }), service }}
          className={classes['tab']}
          aria-current={service === current ? 'page' : undefined}
          activeProps={{}}
        >
          {service} <Count service={service} />
        </Link>
      ))}
    </nav>
  );
}

function Count({ service }: { readonly service: ServiceName }) {
  const { formats } = useWords();
  const { data } = useQuery(statusQuery(useShop(), service));
  return data && <span className={classes['count']}>{formats.number(data.parked)}</span>;
}
