import { decodeHeader } from './encoded-word.ts';

it.each([
  ['Shop <shop@example.org>', 'Shop <shop@example.org>'],
  ['=?UTF-8?B?TMOkZGNoZW4=?= <shop@example.org>', 'Lädchen <shop@example.org>'],
  ['=?utf-8?q?L=C3=A4d_chen?=', 'Läd chen'],
  ['=?UTF-8?B?TMOk?= =?UTF-8?B?ZGNoZW4=?=', 'Lädchen'],
  ['=?klingon?B?TMOk?=', '=?klingon?B?TMOk?='],
])('%s is read as %s', (written, read) => {
  expect(decodeHeader(written)).toBe(read);
});
