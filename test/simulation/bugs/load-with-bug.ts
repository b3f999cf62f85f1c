import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type SeededBug, withBug } from './seeded-bug.ts';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

/**
 * From here on this thread loads the bug's file with the bug in it; the file itself stays as it is. A module that was
 * loaded before stays right: this comes before the imports of what is to be tried.
 */
export function loadWithBug(bug: SeededBug): void {
  const changed = pathToFileURL(join(ROOT, bug.file)).href;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (url !== changed) return loaded;
      return { ...loaded, source: withBug(textOf(loaded.source), bug) };
    },
  });
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray | undefined): string {
  if (source === undefined) return '';
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}
