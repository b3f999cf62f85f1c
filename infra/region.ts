/** Where the stacks go, and why when nobody said so. */
export type RegionChoice = { readonly region: string; readonly note: string | undefined };

const REGION_FALLBACK = 'eu-west-1';

/** The file wins over the credentials' region, that over the environment's; nothing at all is worth a note. */
export function chooseRegion(
  configured: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): RegionChoice {
  const region = configured ?? (environment['CDK_DEFAULT_REGION'] || environment['AWS_REGION']);
  if (region) return { region, note: undefined };
  return {
    region: REGION_FALLBACK,
    note: `no region: neither stack.region in alerts.yaml nor AWS_REGION is set; using ${REGION_FALLBACK}`,
  };
}
