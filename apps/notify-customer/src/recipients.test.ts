import { internationalNumber, isMailAddress } from './recipients.ts';

it.each([
  'ada@mail.example',
  'ada.lovelace+shop@sub.mail.example',
  "o'hara_%$@a-b.example",
  '1@2.example',
  'ada@xn--mller-kva.xn--p1ai',
  `${'a'.repeat(64)}@mail.example`,
])('%s is a mail address', (address) => {
  expect(isMailAddress(address)).toBe(true);
});

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['a number', 7],
  ['a list', ['ada@mail.example']],
  ['no text', ''],
  ['no @', 'ada.mail.example'],
  ['two @', 'ada@x@mail.example'],
  ['nobody', '@mail.example'],
  ['nowhere', 'ada@'],
  ['no country or the like', 'ada@localhost'],
  ['a number as host', 'ada@127.0.0.1'],
  ['a name in front', 'Ada <ada@mail.example>'],
  ['a second address', 'ada@mail.example,eve@mail.example'],
  ['a second address behind a semicolon', 'ada@mail.example;eve@mail.example'],
  ['a header behind a line break', 'ada@mail.example\r\nBcc: eve@mail.example'],
  ['a line break at the end', 'ada@mail.example\n'],
  ['a space', 'ada lovelace@mail.example'],
  ['a space in front', ' ada@mail.example'],
  ['quotes', '"ada lovelace"@mail.example'],
  ['a comment', 'ada(eve)@mail.example'],
  ['a control character', 'ada\u0000@mail.example'],
  ['an invisible character', 'ada\u200b@mail.example'],
  ['a letter that looks like another', 'аda@mail.example'],
  ['two dots', 'ada..l@mail.example'],
  ['a dot in front', '.ada@mail.example'],
  ['a dot at the end', 'ada@mail.example.'],
  ['a host that begins with a dash', 'ada@-mail.example'],
  ['more than 64 characters in front', `${'a'.repeat(65)}@mail.example`],
  ['more than 254 characters', `ada@${'a.'.repeat(125)}example`],
  ['very many characters', `${'a.'.repeat(500_000)}@`],
])('%s is none', (_, address) => {
  expect(isMailAddress(address)).toBe(false);
});

it.each([
  ['+442079460000', '+442079460000'],
  ['+44 20 7946 0000', '+442079460000'],
  [' +44 (20) 7946-0000 ', '+442079460000'],
  ['+44 (0)20 7946 0000', '+442079460000'],
  ['0044.20.7946/0000', '+442079460000'],
  ['+49 30 1234567', '+49301234567'],
])('reads %s as %s', (written, number) => {
  expect(internationalNumber(written)).toBe(number);
});

it.each<[string, unknown]>([
  ['of no country', '020 7946 0000'],
  ['of a country without +', '442079460000'],
  ['of a country that begins with 0', '+0442079460000'],
  ['too short', '+44123'],
  ['too long', '+4412345678901234'],
  ['with letters', '+44 20 SHOP 0000'],
  ['with an extension', '+442079460000 ext 5'],
  ['twice', '+442079460000,+442079460001'],
  ['with a line break', '+4420794\n60000'],
  ['in other digits', '+٤٤٢٠٧٩٤٦٠٠٠٠'],
  ['that is none', 7],
  ['that is not there', undefined],
  ['that is endless', `+${' '.repeat(100)}442079460000`],
])('knows no number %s', (_, written) => {
  expect(internationalNumber(written)).toBeUndefined();
});
