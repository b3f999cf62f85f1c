import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStacks, type Deployment } from '../../infra/stacks.ts';
import { alertConfig } from '../fixtures/alert-config.ts';

/** One resource as it stands in a template. */
export type Resource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};

export type Synthesised = {
  readonly state: Template;
  readonly alerts: Template;
  /** Whether the stack refuses to be deleted; no template says so. */
  readonly stateIsProtected: boolean;
};

/** Both templates, without bundling the functions. */
export function synthesised(overrides: Partial<Deployment> = {}): Synthesised {
  const config = overrides.config ?? alertConfig();
  const app = new App({
    context: { 'aws:cdk:bundling-stacks': [], '@aws-cdk/core:enablePartitionLiterals': true },
  });
  const { state, alerts } = addStacks(app, {
    config,
    shardAppsMax: 100,
    operators: [],
    region: 'eu-west-1',
    account: '111122223333',
    ...overrides,
  });
  return {
    state: Template.fromStack(state),
    alerts: Template.fromStack(alerts),
    stateIsProtected: state.terminationProtection,
  };
}

/** Resources of a type by logical id. */
export function resourcesOf(template: Template, type: string): Readonly<Record<string, Resource>> {
  return template.findResources(type) as Readonly<Record<string, Resource>>;
}

/** The properties of every resource of a type. */
export function propertiesOf(template: Template, type: string): readonly Resource['Properties'][] {
  return Object.values(resourcesOf(template, type)).map((resource) => resource.Properties);
}

/** A value with references and joins written as text: `<Key.Arn>`, `arn:aws:sns:…`. */
export function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const [intrinsic, argument] = Object.entries(value)[0] ?? [];
  if (intrinsic === 'Fn::Join' && Array.isArray(argument)) return argument[1].map(inWords).join('');
  if (intrinsic === 'Fn::GetAtt' && Array.isArray(argument)) return `<${argument.join('.')}>`;
  return `<${String(argument)}>`;
}
