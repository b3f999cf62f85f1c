/** What is handed to SNS. E-mail has a subject; SMS is one part of text. */
export type Message =
  | { readonly channel: 'email'; readonly subject: string; readonly body: string }
  | { readonly channel: 'sms'; readonly body: string };
