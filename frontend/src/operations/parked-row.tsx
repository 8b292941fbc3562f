import type { ParkedMessage, ServiceName } from '@g-store/client';
import { AnchorLink } from '../design/links.js';
import { useWords } from '../texts/texts.js';
import classes from './operations.module.css';
import { ParkedAge } from './parked-age.js';

interface Props {
  readonly message: ParkedMessage;
  readonly service: ServiceName;
  /** It waits no longer, and keeps its place until somebody looks anew. */
  readonly gone: boolean;
}

export function ParkedRow({ message, service, gone }: Props) {
  const words = useWords().texts.operations;
  const { id, topic, key, version, error, attempts } = message;
  return (
    <li className={classes['row']} data-gone={gone}>
      <div className={classes['said']}>
        <AnchorLink to="/operations/parked/$service/$id" params={{ service, id }}>
          {topic} · {key}
        </AnchorLink>
        {version !== null && (
          <span className={classes['quiet']}>
            {words.event.version} {version}
          </span>
        )}
        {gone && <em className={classes['quiet']}>{words.parked.gone}</em>}
      </div>
      <div className={classes['error']}>{error}</div>
      <div className={classes['quiet']}>
        {words.parked.attempts(attempts)} · <ParkedAge message={message} />
      </div>
    </li>
  );
}
