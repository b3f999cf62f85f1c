const RULES: readonly (readonly [RegExp, string])[] = [
  [/\bhttp(s?)(?=:\/)/giu, 'hxxp$1'],
  [/:\/\//gu, '[:]//'],
  [/\b(mailto|tel|sms|callto|data|javascript|whatsapp|skype|facetime|magnet):(?=\S)/giu, '$1[:]'],
  [/(?<=\S)[@＠](?=\S)/gu, '[at]'],
  // A name that ends in letters after a dot is what mail and phone programs turn into a link. A full stop before
  // the next sentence without a space falls under it too: no list of endings is complete, so safety wins.
  [/(?<=[^\s.．｡])[.．｡](?=\p{L}[\p{L}\p{M}\p{Nd}\u200C-]*[\p{L}\p{M}\p{Nd}])/gu, '[.]'],
  [/(?<=[^\s。])。(?=[a-z]{2})/giu, '[.]'],
  [/\bwww[.．｡](?=\S)/giu, 'www[.]'],
  [/\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b/gu, '$1[.]$2[.]$3[.]$4'],
];

/** Writes web and mail addresses in a stranger's text so that no program makes them clickable; the reader still sees them. */
export function defang(text: string): string {
  return RULES.reduce((defanged, [pattern, replacement]) => defanged.replace(pattern, replacement), text);
}
