import * as z from 'zod';

const record = z.record(z.string(), z.unknown());
const byTypeAndName = z.record(z.string(), z.record(z.string(), record)).default({});
const listed = z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(record));

const variable = z.looseObject({ type: z.string().default('string'), default: z.unknown().optional() });

/** Terraform's JSON syntax, as far as CDKTF writes it. */
const documentSchema = z.strictObject({
  '//': z
    .looseObject({ metadata: z.looseObject({ stackName: z.string().optional() }).optional() })
    .optional(),
  terraform: z.unknown().optional(),
  provider: z.record(z.string(), listed).default({}),
  variable: z.record(z.string(), variable).default({}),
  locals: record.default({}),
  data: byTypeAndName,
  resource: byTypeAndName,
  output: z.record(z.string(), z.looseObject({ value: z.unknown().optional() })).default({}),
});

export type TerraformDocument = z.output<typeof documentSchema>;
export type Variable = z.output<typeof variable>;

/** Reads the outer structure of a synthesized stack; answers the problems when there are any. */
export function readDocument(json: unknown): TerraformDocument | string[] {
  const parsed = documentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.map((key) => `"${key}"`).join(', ')} is not run here. Remove it from the stack`
      : `${issue.path.join('.')}: ${issue.message}`,
  );
}
