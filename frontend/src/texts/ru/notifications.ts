import type { Texts } from '../en.js';
import { pluralIn } from '../plural.js';

const count = pluralIn('ru');

export const notifications: Texts['notifications'] = {
  title: 'Уведомления',
  empty: 'Новостей пока нет',
  emptyNext: 'Здесь появится каждый шаг ваших заказов и каждое изменение кошелька.',
  today: 'Сегодня',
  yesterday: 'Вчера',
  unread: 'Не прочитано',
  unreadCount: (n) =>
    n === 0
      ? 'Всё прочитано.'
      : count(n, {
          one: '# непрочитанное.',
          few: '# непрочитанных.',
          many: '# непрочитанных.',
          other: '# непрочитанного.',
        }),
  markRead: 'Прочитано',
  markAllRead: 'Отметить всё прочитанным',
  allRead: 'Всё отмечено прочитанным.',
  fresh: (n) =>
    count(n, {
      one: 'Показать # новое',
      few: 'Показать # новых',
      many: 'Показать # новых',
      other: 'Показать # нового',
    }),
  more: 'Показать более ранние',
  see: 'Открыть заказ',
  placed: (number, amount) => `Заказ ${number} на ${amount} оформлен.`,
  moved: (state) => `Ваш заказ: ${state}`,
  cancelled: 'Ваш заказ отменён.',
  refunded: (amount) => `В кошелёк вернулось ${amount}.`,
  money: (what, change, balance) => `${what}: ${change}. В кошельке ${balance}.`,
  points: (what, change, balance) => `${what}: ${change} балл. Всего ${balance}.`,
  pointsKinds: {
    EARNED: 'Начислено',
    SPENT: 'Оплата заказа',
    RETURNED: 'Возврат',
    ADJUSTED: 'От магазина',
    WITHDRAWN: 'Оплата у партнёра',
  },
  other: 'Что-то изменилось.',
};
