/** What of a layout a text may keep that another program loses; each with a rewriting after which it makes no difference. */
const aspects: readonly (readonly [string, (text: string) => string])[] = [
  ['line ends', (text) => text.replaceAll('\r\n', '\n')],
  ['byte order mark', (text) => text.replace(/^\uFEFF/, '')],
  ['final line break', (text) => text.replace(/\n?$/, '\n')],
  ['blank lines', (text) => text.replaceAll(/^\n/gm, '')],
  ['indentation', (text) => text.replaceAll(/^[ \t]*((?:- *)*)/gm, (_, dashes: string) => dashes.replaceAll(' ', ''))],
  ['quotes', (text) => text.replaceAll(/["']/g, '')],
  [
    'notation of numbers',
    (text) => text.replaceAll(/(?<![\w.+-])[-+]?\d+(?:\.\d*)?(?:e[+-]?\d+)?(?![\w.])/g, (number) => String(Number(number))),
  ],
  ['lines', (text) => text.replaceAll(/[\s{}[\],"']|^\s*- */gm, '')],
];

/** The aspects of layout in which two texts differ, or `values` where they differ in more than that. */
export function layoutDifferences(one: string, other: string): readonly string[] {
  const differ = (used: typeof aspects): boolean => {
    const plain = (text: string): string => used.reduce((rewritten, [, rewrite]) => rewrite(rewritten), text);
    return plain(one) !== plain(other);
  };
  if (differ(aspects)) return ['values'];
  // From the least likely on: what the others make up for is not named.
  const needed = aspects.reduceRight<typeof aspects>((left, aspect) => {
    const without = left.filter((kept) => kept !== aspect);
    return differ(without) ? left : without;
  }, aspects);
  return needed.map(([name]) => name);
}
