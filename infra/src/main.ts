import { join } from 'node:path';
import { App } from 'cdktf';
import { ConfigInvalid, readConfig } from './config/config.ts';
import { builtPackages, PackageMissing } from './functions/packages.ts';
import { OrderstreamStack } from './stack.ts';
import { proveWhole, StackBroken } from './wholeness/prove.ts';

/**
 * Writes the stack as Terraform JSON to `$CDKTF_OUTDIR`, else to the repository's `cdktf.out`: what Terraform deploys
 * and what the local cloud runs. Fails where something of it would fail, or give too much away, on AWS.
 */
const root = join(import.meta.dirname, '..', '..');
try {
  const outdir = process.env['CDKTF_OUTDIR'] ?? join(root, 'cdktf.out');
  const app = new App({ outdir });
  new OrderstreamStack(app, readConfig(process.env), builtPackages(root));
  app.synth();
  proveWhole(outdir);
} catch (error) {
  if (!(error instanceof ConfigInvalid || error instanceof PackageMissing || error instanceof StackBroken)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
