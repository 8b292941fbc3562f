import { useQuery } from '@tanstack/react-query';
import { useShop, useUser } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { whoIs } from './actor.js';
import { personQuery } from './queries.js';

/** Who did something to the order of this customer, as the staff would say it. */
export function useActorName(actor: string, customerId: string): string {
  const { texts } = useWords();
  const words = texts.staff.order.actors;
  const who = whoIs(actor, customerId, useUser()?.id);
  const isPerson = who.kind === 'person';
  const person = useQuery({ ...personQuery(useShop(), isPerson ? who.id : ''), enabled: isPerson });
  if (isPerson) return person.data?.name ?? words.somebody;
  return who.kind === 'machine' ? words.machine(who.name) : words[who.kind];
}

interface Props {
  readonly actor: string;
  readonly customerId: string;
}

export const ActorName = ({ actor, customerId }: Props) => <bdi>{useActorName(actor, customerId)}</bdi>;
