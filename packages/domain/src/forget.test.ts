import { anOrder } from './an-order.fixture.ts';
import { customersNamed, forgottenLine, PERSONAL_FIELDS, SECRET_FIELDS, withoutFields } from './forget.ts';

const nobody = { forgotten: new Set<string>(), kept: new Set<string>() };
const ada = { ...nobody, customerId: 'customer-1' };
const line = (change: object = {}, orderId = 'order-1') => ({
  eventId: 'e-1',
  key: { orderId },
  changed: ['email'],
  new: { ...anOrder(), ...change },
});

describe('fields of a name', () => {
  it('are left out however deep they lie', () => {
    const value = { a: [{ paymentToken: 'tok', b: 1 }], charge: { paymentToken: { S: 'tok' } }, n: null };

    expect(withoutFields(value, SECRET_FIELDS)).toEqual({ a: [{ b: 1 }], charge: {}, n: null });
  });

  it('are all of an order that speaks of a person', () => {
    const text = JSON.stringify(withoutFields({ ...anOrder(), trace: 'Root=1' }, PERSONAL_FIELDS));

    for (const personal of [
      'customer-1',
      'ada@',
      '20 7946',
      'Lovelace',
      'St James',
      'tok_approve',
      'Root=',
    ]) {
      expect(text).not.toContain(personal);
    }
    expect(JSON.parse(text)).toMatchObject({
      orderId: 'order-1',
      country: 'United Kingdom',
      total: '28.741',
    });
  });
});

it.each<[string, unknown, string[]]>([
  ['as text', { new: { customerId: 'a' }, old: { customerId: 'b' } }, ['a', 'b']],
  ['as an attribute of DynamoDB', { record: { NewImage: { customerId: { S: 'a' } } } }, ['a']],
  ['not at all', { customerId: { N: '1' }, lines: ['customerId'] }, []],
])('a customer is named %s', (_, value, customers) => {
  expect([...customersNamed(value)]).toEqual(customers);
});

describe('a line of the archive', () => {
  it('loses its person, and nothing else', () => {
    const { customerId, email, phone, shippingAddress, paymentToken, ...rest } = anOrder();
    expect([customerId, email, phone, shippingAddress, paymentToken]).not.toContain(undefined);

    expect(forgottenLine(line(), ada)).toEqual({ ...line(), new: rest });
  });

  it('loses it too where only its order is known to be theirs', () => {
    const guest = line({ customerId: undefined });

    expect(forgottenLine(guest, ada)).toBeUndefined();
    expect(forgottenLine(guest, { ...ada, forgotten: new Set(['order-1']) })).not.toMatchObject({
      new: { email: expect.anything() },
    });
  });

  it('loses it when it is a record that nobody could read', () => {
    const raw = { unreadable: true, record: { dynamodb: { NewImage: { customerId: { S: 'customer-1' } } } } };

    expect(forgottenLine(raw, ada)).toEqual({ unreadable: true, record: { dynamodb: { NewImage: {} } } });
  });

  it.each<[string, object, object]>([
    [
      'plain',
      { old: anOrder(), new: anOrder({ customerId: 'customer-2', email: 'bob@example.com' }) },
      { new: { customerId: 'customer-2', email: 'bob@example.com' } },
    ],
    [
      'as they came',
      {
        record: {
          OldImage: { customerId: { S: 'customer-1' } },
          NewImage: { customerId: { S: 'customer-2' } },
        },
      },
      { record: { NewImage: { customerId: { S: 'customer-2' } } } },
    ],
  ])('that names two customers loses only what names the forgotten one: %s', (_, images, left) => {
    const cleaned = forgottenLine({ key: { orderId: 'order-1' }, ...images }, ada);

    expect(cleaned).toMatchObject(left);
    expect(JSON.stringify(cleaned)).not.toContain('customer-1');
    expect(
      forgottenLine({ key: { orderId: 'order-1' }, ...images }, { ...ada, customerId: 'x' }),
    ).toBeUndefined();
  });

  it.each<[string, object, object]>([
    ['of another customer', line({ customerId: 'customer-2' }), ada],
    [
      'of another customer who took the id of an order',
      line({ customerId: 'x' }),
      { ...ada, forgotten: new Set(['order-1']) },
    ],
    ['of an order that is kept', line(), { ...ada, kept: new Set(['order-1']) }],
    ['of a product', { key: { sku: 'MUG' }, new: { sku: 'MUG', trace: 'Root=1' } }, ada],
    [
      'that was cleaned before',
      { key: { orderId: 'order-1' }, new: { total: '1' } },
      { ...ada, forgotten: new Set(['order-1']) },
    ],
    ['that is none', {}, ada],
  ])('%s stays as it is', (_, stays, forgetting) => {
    expect(forgottenLine(stays, { ...ada, ...forgetting })).toBeUndefined();
  });

  it('is clean after one pass', () => {
    expect(
      forgottenLine(forgottenLine(line(), ada), { ...ada, forgotten: new Set(['order-1']) }),
    ).toBeUndefined();
  });
});
