import { activity, search, sequence, view } from './testing/records.ts';
import { fold, windowState } from './window-state.ts';

it('counts by the minute, by product and by search that found nothing', () => {
  const records = [
    view(1, 'MUG'),
    view(2, 'MUG'),
    view(3, 'MUG', '2026-11-23T09:16:00Z'),
    search(4, 'Unicorn', 0),
    search(5, 'mug', 2),
    activity(6, 'purchase'),
  ];

  expect(fold(undefined, records)).toEqual({
    state: {
      first: sequence(1),
      last: sequence(6),
      minutes: {
        '2026-11-23T09:15 views': 2,
        '2026-11-23T09:16 views': 1,
        '2026-11-23T09:15 searches': 2,
        '2026-11-23T09:15 emptySearches': 1,
        '2026-11-23T09:15 purchases': 1,
      },
      views: { '2026-11-23T09:15 MUG': 2, '2026-11-23T09:16 MUG': 1 },
      nothingFound: { '2026-11-23T09:15 unicorn': 1 },
    },
    counted: 6,
    unreadable: [],
  });
});

it('counts a search for a mail address that found nothing, and keeps nothing of its text', () => {
  const { state } = fold(undefined, [search(1, 'ada@mail.example', 0)]);

  expect(state).toMatchObject({ minutes: { '2026-11-23T09:15 emptySearches': 1 }, nothingFound: {} });
});

it('adds nothing for records that come again, and counts the new ones behind them', () => {
  const { state } = fold(undefined, [view(1, 'MUG'), view(2, 'MUG')]);

  const again = fold(state, [view(1, 'MUG'), view(2, 'MUG'), view(3, 'MUG')]);

  expect(again).toMatchObject({ counted: 1, state: { views: { '2026-11-23T09:15 MUG': 3 } } });
});

it('leaves a record out that nobody can read, and not its neighbours', () => {
  const { dynamodb: unnumbered } = view(3, 'MUG');
  const records = [
    view(1, 'MUG'),
    activity(2, 'view'),
    { eventID: 'event-3', eventName: 'INSERT' as const, dynamodb: { NewImage: unnumbered?.NewImage ?? {} } },
    view(4, 'MUG'),
  ];

  expect(fold(undefined, records)).toMatchObject({
    counted: 2,
    unreadable: ['event-2', 'event-3'],
    state: { first: sequence(1), last: sequence(4) },
  });
});

it.each(['__proto__', 'constructor', 'toString'])('counts views of a product called %s', (sku) => {
  const { state } = fold(undefined, [view(1, sku), view(2, sku)]);

  expect(JSON.parse(JSON.stringify(state)).views).toEqual({ [`2026-11-23T09:15 ${sku}`]: 2 });
});

it('begins anew with the empty state of a window that begins', () => {
  expect(windowState({})).toBeUndefined();
  expect(windowState(undefined)).toBeUndefined();
  expect(fold(windowState({}), [])).toEqual({ state: undefined, counted: 0, unreadable: [] });
});
