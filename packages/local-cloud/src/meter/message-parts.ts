/** The GSM 03.38 alphabet: 7 bits a character; those of its extension take two places. */
const GSM = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿' +
    'abcdefghijklmnopqrstuvwxyzäöñüà',
);
const GSM_EXTENSION = new Set('\f^{}\\[~]|€');

/** Characters of a part, where a message is one part, and where it is several that name each other. */
const GSM_PART = { alone: 160, joined: 153 };
const UCS2_PART = { alone: 70, joined: 67 };

/**
 * How many parts a text message is sent in: each is billed as a message.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-character.html
 */
export function messageParts(text: string): number {
  const gsm = gsmLength(text);
  const { alone, joined } = gsm === undefined ? UCS2_PART : GSM_PART;
  const length = gsm ?? text.length;
  return length <= alone ? 1 : Math.ceil(length / joined);
}

/** Its length in characters of the GSM alphabet; undefined where it has others. */
function gsmLength(text: string): number | undefined {
  let length = 0;
  for (const character of text) {
    if (GSM.has(character)) length += 1;
    else if (GSM_EXTENSION.has(character)) length += 2;
    else return undefined;
  }
  return length;
}
