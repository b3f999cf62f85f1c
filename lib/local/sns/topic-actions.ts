import * as z from 'zod';
import { type Form, required, stringMap } from './form.ts';
import { invalidParameter } from './refusal.ts';
import { findTopic, isE164, isTopicName, type Service, topicArn, topicName } from './service.ts';
import { ACCOUNT, type Subscription } from './topics.ts';
import { element, list, map, type Xml } from './xml.ts';

const PAGE_SIZE = 100;
const TOPIC_ATTRIBUTES = ['DisplayName', 'KmsMasterKeyId', 'Policy', 'SignatureVersion', 'TracingConfig'];
const email = z.email();

/** Creates a topic, or finds the one of that name; tags are taken and forgotten. */
export function createTopic(service: Service, form: Form): readonly Xml[] {
  const name = required(form, 'Name');
  if (!isTopicName(name))
    throw invalidParameter('Topic Name Reason: 1 to 256 letters, digits, hyphens and underscores');
  const attributes = stringMap(form, 'Attributes');
  const unknown = [...attributes.keys()].find((attribute) => !TOPIC_ATTRIBUTES.includes(attribute));
  if (unknown !== undefined) throw invalidParameter(`Attributes Reason: ${unknown} is not offered here`);

  const existing = service.topics.find(name);
  const differs = [...attributes].some(([key, value]) => existing?.attributes[key] !== value);
  if (existing !== undefined && differs) {
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
  }
  if (existing === undefined) service.topics.create(name, Object.fromEntries(attributes));
  return [element('TopicArn', topicArn(service, name))];
}

/** Deletes a topic and its subscriptions; one that is not there is no mistake. */
export function deleteTopic(service: Service, form: Form): undefined {
  service.topics.remove(topicName(service, required(form, 'TopicArn')));
}

/** Subscribes an e-mail address or a number; it is confirmed at once. */
export function subscribe(service: Service, form: Form): readonly Xml[] {
  const topic = findTopic(service, required(form, 'TopicArn'));
  const protocol = required(form, 'Protocol');
  const endpoint = required(form, 'Endpoint');
  if (protocol !== 'email' && protocol !== 'sms') {
    throw invalidParameter(`Protocol Reason: expected email or sms, which is all this endpoint delivers to`);
  }
  if (protocol === 'email' && !email.safeParse(endpoint).success) {
    throw invalidParameter('Endpoint Reason: not an e-mail address');
  }
  if (protocol === 'sms' && !isE164(endpoint))
    throw invalidParameter('Endpoint Reason: not a number in E.164 format');
  // An ignored filter would deliver what the real service holds back.
  if (stringMap(form, 'Attributes').size > 0) {
    throw invalidParameter('Attributes Reason: subscriptions have no attributes here');
  }
  const subscription = service.topics.subscribe(topic.name, protocol, endpoint);
  return [element('SubscriptionArn', subscriptionArn(service, subscription))];
}

/** The subscriptions of a topic, a hundred at a time. */
export function listSubscriptionsByTopic(service: Service, form: Form): readonly Xml[] {
  const topic = findTopic(service, required(form, 'TopicArn'));
  const { items, next } = page(service.topics.subscriptionsOf(topic.name), form);
  const described = items.map((subscription) => [
    element('TopicArn', topicArn(service, topic.name)),
    element('Protocol', subscription.protocol),
    element('SubscriptionArn', subscriptionArn(service, subscription)),
    element('Owner', ACCOUNT),
    element('Endpoint', subscription.endpoint),
  ]);
  return [list('Subscriptions', described), ...next];
}

/** All topics, a hundred at a time. */
export function listTopics(service: Service, form: Form): readonly Xml[] {
  const { items, next } = page(service.topics.all(), form);
  const arns = items.map(({ name }) => [element('TopicArn', topicArn(service, name))]);
  return [list('Topics', arns), ...next];
}

/** A topic's attributes with the number of its subscriptions. */
export function getTopicAttributes(service: Service, form: Form): readonly Xml[] {
  const topic = findTopic(service, required(form, 'TopicArn'));
  const attributes = new Map([
    ['DisplayName', ''],
    ...Object.entries(topic.attributes),
    ['TopicArn', topicArn(service, topic.name)],
    ['Owner', ACCOUNT],
    ['SubscriptionsConfirmed', String(service.topics.subscriptionsOf(topic.name).length)],
    ['SubscriptionsPending', '0'],
    ['SubscriptionsDeleted', '0'],
  ]);
  return [map('Attributes', attributes)];
}

function subscriptionArn(service: Service, { topic, id }: Subscription): string {
  return `${topicArn(service, topic)}:${id}`;
}

function page<Item>(
  items: readonly Item[],
  form: Form,
): { readonly items: readonly Item[]; readonly next: readonly Xml[] } {
  const token = form.get('NextToken') ?? '0';
  if (!/^\d{1,9}$/.test(token)) throw invalidParameter('NextToken');
  const end = Number(token) + PAGE_SIZE;
  return {
    items: items.slice(Number(token), end),
    next: end < items.length ? [element('NextToken', String(end))] : [],
  };
}
