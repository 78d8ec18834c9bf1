import { LocalBackend, S3Backend } from 'cdktf';
import type { Construct } from 'constructs';
import type { Config } from './config.ts';

/**
 * An S3 backend that locks the state with an object beside it (`<key>.tflock`), so that two deployments never write at once.
 * Terraform has that argument since 1.10; the older lock, a table of its own, is deprecated:
 * https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
 */
class LockedS3Backend extends S3Backend {
  // CDKTF's own settings of this backend end before that argument.
  protected override synthesizeAttributes() {
    return { ...super.synthesizeAttributes(), use_lockfile: true };
  }
}

/** Where Terraform keeps the stack's state: in a bucket, encrypted and locked; in the environment `local` in a file. */
export function addBackend(scope: Construct, { prefix, region, stateBucket }: Config): void {
  if (stateBucket === undefined) {
    // Relative to the stack's folder, so that the state lies beside cdktf.json and outlives cdktf.out.
    new LocalBackend(scope, { path: `../../../terraform.${prefix}.tfstate` });
    return;
  }
  new LockedS3Backend(scope, { bucket: stateBucket, key: `${prefix}.tfstate`, region, encrypt: true });
}
