/** Where the stacks go, and why when nobody said so. */
export type RegionChoice = { readonly region: string; readonly note: string | undefined };

const REGION_FALLBACK = 'eu-west-1';

/** The file wins over the credentials' region, that over the environment's; what the file does not say is worth a note. */
export function chooseRegion(configured: string | undefined, environment: Environment): RegionChoice {
  if (configured !== undefined) return { region: configured, note: undefined };
  const region = givenRegion(environment);
  const why =
    region === undefined
      ? 'neither CDK_DEFAULT_REGION nor AWS_REGION is set'
      : 'it is that of your credentials or environment';
  const chosen = region ?? REGION_FALLBACK;
  return { region: chosen, note: `stack.region is not in the file; using ${chosen}, because ${why}` };
}

type Environment = Readonly<Record<string, string | undefined>>;

function givenRegion(environment: Environment): string | undefined {
  const fromCli = environment['CDK_DEFAULT_REGION'] || undefined;
  const fromShell = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || undefined;
  // Without credentials or settings the CDK command line makes up this region: nobody has chosen it.
  const isMadeUp = fromCli === 'us-east-1' && !fromShell && !environment['CDK_DEFAULT_ACCOUNT'];
  return isMadeUp ? undefined : (fromCli ?? fromShell);
}
