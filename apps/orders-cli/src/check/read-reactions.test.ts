import { readMail } from './read-reactions.ts';

/** An outbox with messages m-1 … m-count, that answers as the cloud does: newest first, those before one that it is told. */
function outboxOf(count: number) {
  const asked: Readonly<Record<string, string>>[] = [];
  const outbox = async (query: Readonly<Record<string, string>>) => {
    asked.push(query);
    const { limit, before } = query;
    const newest = before === undefined ? count : Number(before.slice(2)) - 1;
    return Array.from({ length: Math.min(Number(limit), newest) }, (_, index) => ({
      id: `m-${newest - index}`,
      channel: 'mail',
      tags: { orderId: `o-${newest - index}`, type: 'OrderShipped' },
    }));
  };
  return { cloud: { outbox }, asked };
}

it.each([
  [0, 1],
  [999, 1],
  [1_000, 2],
  [2_500, 3],
])('mail is read to the end: %i messages in %i pages', async (count, pages) => {
  const { cloud, asked } = outboxOf(count);

  const mail = await readMail({ cloud });

  expect(mail.map(({ orderId }) => orderId)).toEqual(
    Array.from({ length: count }, (_, index) => `o-${count - index}`),
  );
  expect(asked).toHaveLength(pages);
});

it('messages that are no mail about an order are passed over', async () => {
  const outbox = async () => [
    { id: '1', channel: 'sms', tags: { orderId: 'a', type: 'OrderShipped' } },
    { id: '2', channel: 'mail', tags: {} },
    { id: '3', channel: 'mail', tags: { orderId: 'a', type: 'OrderPaid' } },
  ];

  expect(await readMail({ cloud: { outbox } })).toEqual([{ orderId: 'a', type: 'OrderPaid' }]);
});
