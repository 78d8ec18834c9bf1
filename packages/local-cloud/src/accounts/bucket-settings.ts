/** A setting of a bucket: the error that says that there is none, and what a new bucket has. */
export interface Setting {
  readonly missing: string | undefined;
  readonly initial: string | undefined;
}

const XML_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function settingDocument(root: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${XML_NAMESPACE}">${content}</${root}>`;
}

/**
 * Settings by how operations call them. A new bucket is encrypted, private and without grants:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
 */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  BucketVersioning: { missing: undefined, initial: settingDocument('VersioningConfiguration', '') },
  BucketEncryption: {
    missing: 'ServerSideEncryptionConfigurationNotFoundError',
    initial: settingDocument(
      'ServerSideEncryptionConfiguration',
      '<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>',
    ),
  },
  PublicAccessBlock: {
    missing: 'NoSuchPublicAccessBlockConfiguration',
    initial: settingDocument(
      'PublicAccessBlockConfiguration',
      ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets']
        .map((name) => `<${name}>true</${name}>`)
        .join(''),
    ),
  },
  BucketOwnershipControls: {
    missing: 'OwnershipControlsNotFoundError',
    initial: settingDocument(
      'OwnershipControls',
      '<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>',
    ),
  },
  BucketPolicy: { missing: 'NoSuchBucketPolicy', initial: undefined },
  BucketLifecycleConfiguration: { missing: 'NoSuchLifecycleConfiguration', initial: undefined },
  BucketTagging: { missing: 'NoSuchTagSet', initial: undefined },
};
