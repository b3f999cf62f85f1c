import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

type Resource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, string>>;
};

/** A function as its template declares it. */
export type SynthesisedFunction = {
  /** Of its bundle. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** What a schedule of the template sends, and to which function. */
export type SynthesisedSchedule = { readonly input: string; readonly functionId: string };

export type SynthesisedStack = {
  readonly functions: ReadonlyMap<string, SynthesisedFunction>;
  readonly schedules: readonly SynthesisedSchedule[];
  readonly topicNames: readonly string[];
};

/** Runs the real `cdk synth` of a file into `out` and reads back what would be deployed. */
export function synthesise(configPath: string, out: string, tableName: string): SynthesisedStack {
  const cdk = join('node_modules', 'aws-cdk', 'bin', 'cdk');
  const path = [join(process.execPath, '..'), process.env['PATH']].join(delimiter);
  const args = [cdk, 'synth', '--quiet', '--output', out, '-c', `config=${configPath}`];
  const synth = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, PATH: path } });
  if (synth.status !== 0) throw new Error(`cdk synth ended with ${synth.status}: ${synth.stderr}`);

  const template = JSON.parse(readFileSync(join(out, 'spot-alerts-alerts.template.json'), 'utf8')) as {
    readonly Resources: Readonly<Record<string, Resource>>;
  };
  const resources = Object.entries(template.Resources);
  const ofType = (type: string) => resources.filter(([, resource]) => resource.Type === type);
  return {
    functions: new Map(
      ofType('AWS::Lambda::Function').map(([id, { Properties, Metadata }]) => {
        const { Variables } = Properties['Environment'] as { readonly Variables: Record<string, unknown> };
        const environment = Object.entries(Variables).map(([name, value]) => [
          name,
          resolve(value, tableName),
        ]);
        const asset = Metadata?.['aws:asset:path'] ?? '';
        return [id, { file: join(out, asset, 'index.mjs'), environment: Object.fromEntries(environment) }];
      }),
    ),
    schedules: ofType('AWS::Scheduler::Schedule').map(([, { Properties }]) => {
      const target = Properties['Target'] as { readonly Input?: string; readonly Arn: unknown };
      const [functionId] = (target.Arn as { readonly 'Fn::GetAtt': readonly string[] })['Fn::GetAtt'];
      return { input: target.Input ?? '{}', functionId: functionId ?? '' };
    }),
    topicNames: ofType('AWS::SNS::Topic').map(([, { Properties }]) => String(Properties['TopicName'])),
  };
}

/** What CloudFormation would put in place of the few intrinsic functions that occur in an environment. */
function resolve(value: unknown, tableName: string): string {
  if (typeof value === 'string') return value;
  const intrinsic = value as Readonly<Record<string, unknown>>;
  if (intrinsic['Ref'] === 'AWS::AccountId') return '000000000000';
  if ('Fn::ImportValue' in intrinsic) return tableName;
  if ('Fn::Join' in intrinsic) {
    const [separator, parts] = intrinsic['Fn::Join'] as [string, readonly unknown[]];
    return parts.map((part) => resolve(part, tableName)).join(separator);
  }
  throw new Error(`no value for ${JSON.stringify(value)}`);
}
