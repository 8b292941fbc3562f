import classes from './operations.module.css';

interface Props {
  readonly label: string;
  readonly children: string;
}

/** Text of a machine, as it is, in lines that break rather than hide. */
export const MessageBody = ({ label, children }: Props) => (
  <figure className={classes['body']}>
    <figcaption>{label}</figcaption>
    <pre>{children}</pre>
  </figure>
);

export const asJson = (value: unknown): string => JSON.stringify(value, null, 2);
