import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { writeCompiledConfig } from '../../lib/config/compiled.ts';
import type { AlertConfig } from '../../lib/domain/alert-config.ts';
import type { FunctionKind } from '../names.ts';

const ROOT = join(import.meta.dirname, '..', '..');

// A bundled CommonJS library may call `require` for Node's own modules; an ES module has none.
const DEFINE_REQUIRE =
  "import{createRequire as createRequire_}from'node:module';const require=createRequire_(import.meta.url);";

/**
 * The bundle of functions/<kind>.ts with `alerts.json` beside it. Its hash depends on the content alone: the
 * same sources and the same file make the same asset on every machine.
 */
export function functionCode(kind: FunctionKind, config: AlertConfig): Code {
  const alertsJson = writeCompiledConfig(config);
  return Code.fromAsset(ROOT, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the bundle is made in this process, or the synth fails.
      image: DockerImage.fromRegistry('none'),
      // Not run either; it tells the two functions, and two configs, apart in CDK's cache of assets.
      command: [kind, config.hash],
      local: {
        tryBundle: (directory) => {
          bundle(kind, directory);
          writeFileSync(join(directory, 'alerts.json'), alertsJson);
          return true;
        },
      },
    },
  });
}

function bundle(kind: FunctionKind, directory: string): void {
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [join('functions', `${kind}.ts`)],
    outfile: join(directory, 'index.mjs'),
    banner: { js: DEFINE_REQUIRE },
    bundle: true,
    format: 'esm',
    // Names in stack traces and logs stay readable.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    mainFields: ['module', 'main'],
    minify: true,
    platform: 'node',
    target: 'node24',
  });
}
