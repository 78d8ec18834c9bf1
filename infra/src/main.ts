import { join } from 'node:path';
import { App } from 'cdktf';
import { ConfigInvalid, readConfig } from './config/config.ts';
import { builtPackages, PackageMissing } from './functions/packages.ts';
import { OrderstreamStack } from './stack.ts';

/**
 * Writes the stack as Terraform JSON to `$CDKTF_OUTDIR`, else to the repository's `cdktf.out`: what Terraform deploys
 * and what the local cloud runs.
 */
const root = join(import.meta.dirname, '..', '..');
try {
  const app = new App({ outdir: process.env['CDKTF_OUTDIR'] ?? join(root, 'cdktf.out') });
  new OrderstreamStack(app, readConfig(process.env), builtPackages(root));
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigInvalid || error instanceof PackageMissing)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
