import * as z from 'zod';
import { alertsFile } from './schema.ts';

/** The text of alerts.schema.json, from which editors complete and explain alerts.yaml. */
export function alertsJsonSchema(): string {
  // Draft 7 is what the YAML extensions of editors read best.
  const schema = z.toJSONSchema(alertsFile, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'alerts.yaml', ...schema }, null, 2)}\n`;
}
