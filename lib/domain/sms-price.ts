import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * What one part of an SMS costs, in micro-USD by country of the number: estimates of November 2026, rounded up so that a
 * budget ends too early rather than too late. AWS changes its prices, and has the last word with the spend limit of the
 * account.
 */
const PART_MICRO_USD: Readonly<Record<string, number>> = {
  AR: 110_000,
  AU: 60_000,
  BR: 40_000,
  CA: 20_000,
  CH: 80_000,
  CL: 80_000,
  CO: 60_000,
  DE: 130_000,
  ES: 100_000,
  FR: 90_000,
  GB: 60_000,
  IT: 110_000,
  JP: 90_000,
  MX: 70_000,
  PE: 80_000,
  PT: 70_000,
  US: 20_000,
  ZA: 50_000,
};

/** Of a country that is not listed: dearer than nearly all of them. */
const OTHER_MICRO_USD = 250_000;

/** Price of one message to all `numbers` (E.164), in micro-USD. */
export function smsPriceMicroUsd(numbers: readonly string[], partCount: number): number {
  return numbers.reduce((sum, number) => sum + partCount * partMicroUsd(number), 0);
}

function partMicroUsd(number: string): number {
  const country = parsePhoneNumberFromString(number)?.country;
  return (country === undefined ? undefined : PART_MICRO_USD[country]) ?? OTHER_MICRO_USD;
}
