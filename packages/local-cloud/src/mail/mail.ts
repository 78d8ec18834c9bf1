import * as z from 'zod';
import { AwsError } from '../endpoint/service.ts';
import { isAscii, parseAddress, type MailAddress } from './address.ts';

/** A mail as SendEmail is asked to send it. */
export interface Mail {
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly subject: string;
  /** Empty when there is no such part, as `html` is. */
  readonly text: string;
  readonly html: string;
  readonly configurationSet: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Quota of SES: https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const RECIPIENTS_LIMIT = 50;

const refused = (remedy: string) => z.never({ error: `is not supported here. ${remedy}` }).optional();
const NOT_HERE = refused('Leave it out');
const SIMPLE_ONLY = refused('Send it as Content.Simple');

const address = z.string().transform((text, context) => {
  const parsed = parseAddress(text);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue(parsed);
  return z.NEVER;
});
const addresses = z.array(address).default([]);

/** SES takes 7-bit ASCII unless a character set is named; what is beyond it would arrive as question marks. */
const content = z
  .strictObject({ Data: z.string(), Charset: z.string().refine(isCharset, 'is no character set').optional() })
  .refine(({ Data, Charset }) => Charset !== undefined || isAscii(Data), {
    path: ['Charset'],
    error: 'must be set for text beyond ASCII. Set it to UTF-8',
  })
  .transform(({ Data }) => Data);

const header = content.refine((value) => !/[\r\n]/.test(value), {
  error: 'A header value must not contain line breaks',
});

/** Names and values of tags. */
const tag = z.string().regex(/^[\w-]{1,256}$/, {
  error: 'must be 1 to 256 of the ASCII letters, digits, _ and -',
});

const sendEmail = z.strictObject({
  FromEmailAddress: address,
  Destination: z
    .strictObject({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses })
    .refine((all) => Object.values(all).flat().length > 0, { error: 'must have at least one address' })
    .refine((all) => Object.values(all).flat().length <= RECIPIENTS_LIMIT, {
      error: `Recipient count exceeds ${RECIPIENTS_LIMIT}.`,
    }),
  ReplyToAddresses: addresses,
  Content: z.strictObject({
    Raw: SIMPLE_ONLY,
    Template: SIMPLE_ONLY,
    Simple: z.strictObject({
      Subject: header,
      Body: z
        .strictObject({ Text: content.optional(), Html: content.optional() })
        .refine(({ Text, Html }) => Text !== undefined || Html !== undefined, {
          error: 'must have Text or Html',
        }),
      Headers: NOT_HERE,
      Attachments: NOT_HERE,
    }),
  }),
  ConfigurationSetName: z.string().min(1).optional(),
  EmailTags: z.array(z.strictObject({ Name: tag, Value: tag })).default([]),
  EndpointId: NOT_HERE,
  FeedbackForwardingEmailAddress: NOT_HERE,
  FeedbackForwardingEmailAddressIdentityArn: NOT_HERE,
  FromEmailAddressIdentityArn: NOT_HERE,
  ListManagementOptions: NOT_HERE,
  TenantName: NOT_HERE,
});

/**
 * Reads a SendEmail request.
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 * @throws AwsError `BadRequestException`, naming the first field that is wrong.
 */
export function readMail(body: Buffer): Mail {
  const { data, error } = sendEmail.safeParse(parseJson(body));
  const issue = error?.issues[0];
  if (data === undefined) throw badRequest(issue ? sentence(issue) : 'The request can not be read.');
  const { Simple } = data.Content;
  return {
    from: data.FromEmailAddress,
    to: data.Destination.ToAddresses,
    cc: data.Destination.CcAddresses,
    bcc: data.Destination.BccAddresses,
    replyTo: data.ReplyToAddresses,
    subject: Simple.Subject,
    text: Simple.Body.Text ?? '',
    html: Simple.Body.Html ?? '',
    configurationSet: data.ConfigurationSetName,
    tags: tagsOf(data.EmailTags),
  };
}

function tagsOf(tags: readonly { Name: string; Value: string }[]): Record<string, string> {
  const names = tags.map(({ Name }) => Name);
  const twice = names.find((name, place) => names.indexOf(name) < place);
  if (twice !== undefined) throw badRequest(`EmailTags: there are two tags named ${twice}`);
  return Object.fromEntries(tags.map(({ Name, Value }) => [Name, Value]));
}

/** What is wrong and where; never with the value, which may be a person's address. */
function sentence(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return `${[path, issue.keys[0]].filter(Boolean).join('.')} is not supported here. Leave it out`;
  }
  if (issue.code === 'invalid_type' && issue.expected === 'never') return `${path} ${issue.message}`;
  if (issue.code === 'invalid_type') return `${path} must be given, as ${issue.expected}`;
  return `${path}: ${issue.message}`;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw badRequest('The request is not JSON.');
  }
}

function isCharset(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}

function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
