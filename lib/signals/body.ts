/** Text of a body, and whether it was longer than allowed. */
export type BodyText = { readonly text: string; readonly isCut: boolean };

/** Reads at most `bytesMax` decompressed bytes; what is left is neither read nor unpacked. */
export async function readText(response: Response, bytesMax: number): Promise<BodyText> {
  if (response.body === null) return { text: '', isCut: false };
  const chunks: Uint8Array[] = [];
  let byteCount = 0;
  // Leaving the loop cancels the stream, which closes the connection.
  for await (const chunk of response.body) {
    chunks.push(chunk);
    byteCount += chunk.byteLength;
    if (byteCount > bytesMax) break;
  }
  const bytes = Buffer.concat(chunks).subarray(0, bytesMax);
  return { text: new TextDecoder().decode(bytes), isCut: byteCount > bytesMax };
}

/** What a text says as JSON. */
export type Json = { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'not-json' };

/** Parses JSON. Integers too long for a number become strings digit by digit: an ad id must not be rounded. */
export function parseJson(text: string): Json {
  try {
    return { kind: 'json', value: JSON.parse(text, keepDigits) };
  } catch {
    // The parser's own error quotes the text, which may hold a lead's words and number.
    return { kind: 'not-json' };
  }
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
