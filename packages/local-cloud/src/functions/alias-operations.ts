import { AwsError } from '../endpoint/service.ts';
import { qualified } from '../stack/arns.ts';
import type { FunctionAlias, FunctionConfig } from '../stack/model.ts';
import type { LambdaOperation, LambdaServiceParts } from './lambda-operation.ts';
import { json } from './rest-json.ts';

/**
 * GetAlias and ListAliases. Where an alias points is the stack's.
 *
 * Source: docs.aws.amazon.com/lambda/latest/api/API_AliasConfiguration.html.
 */
export function aliasOperations({
  functions,
}: Pick<LambdaServiceParts, 'functions'>): [string, LambdaOperation][] {
  return [
    [
      'GetAlias',
      ({ name, alias }) => {
        const { config } = functions.describe(name);
        const found = config.aliases?.find((one) => one.name === alias);
        if (found) return json(200, described(config, found));
        const message = `Cannot find alias arn: ${qualified(config.arn, alias)}`;
        throw new AwsError('ResourceNotFoundException', message, 404);
      },
    ],
    [
      'ListAliases',
      ({ name, query }) => {
        const { config } = functions.describe(name);
        const version = query.get('FunctionVersion');
        const found = (config.aliases ?? []).filter((one) => version === null || one.version === version);
        return json(200, { Aliases: found.map((one) => described(config, one)) });
      },
    ],
  ];
}

function described({ arn }: FunctionConfig, { name, version, description = '' }: FunctionAlias): object {
  return {
    AliasArn: qualified(arn, name),
    Name: name,
    FunctionVersion: version,
    Description: description,
  };
}
