import { daysOf } from './days.ts';
import { UsageError } from './errors.ts';

it.each([
  [{}, { from: undefined, to: undefined }],
  [{ from: '2011-11-14' }, { from: '2011-11-14', to: undefined }],
  [
    { from: '2012-02-29', to: '2012-02-29' },
    { from: '2012-02-29', to: '2012-02-29' },
  ],
])('%j are days', (values, days) => {
  expect(daysOf(values)).toEqual(days);
});

it.each([
  [{ from: '2011-02-29' }, /--from is 2011-02-29, but must be a day/],
  [{ to: '14.11.2011' }, /--to is 14\.11\.2011, but must be a day in UTC such as/],
  [{ to: '2011-11-14T08:00' }, /--to is/],
  [{ from: '' }, /--from is /],
  [{ from: '2011-11-15', to: '2011-11-14' }, /--from is 2011-11-15, which is after --to 2011-11-14/],
])('%j are refused as a mistake in the command', (values, message) => {
  expect(() => daysOf(values)).toThrow(message);
  expect(() => daysOf(values)).toThrow(expect.objectContaining({ exitCode: 2 }));
  expect(() => daysOf(values)).toThrow(UsageError);
});
