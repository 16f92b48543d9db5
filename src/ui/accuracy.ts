/**
 * Rank correlation (ρ) of the map as it stood one hour before, lowest and highest over the recorded sets, as printed in the
 * accuracy report.
 *
 * @param report text of docs/accuracy.md; each set has a section `### One hour ahead` whose table holds a row
 * `| the map as it stood | ρ | …`
 * @throws RangeError when it holds no such row
 */
export function rankCorrelation(report: string): { low: string; high: string } {
  const sections = report.split(/^#+ /m).filter((section) => section.startsWith('One hour ahead'));
  const found = sections.flatMap((section) => {
    const row = /^\| the map as it stood \| (\d\.\d+) \|/m.exec(section);
    return row ? [Number(row[1])] : [];
  });
  if (found.length === 0)
    throw new RangeError(
      'rankCorrelation requires a report with a row of the map as it stood one hour ahead',
    );
  return { low: Math.min(...found).toFixed(2), high: Math.max(...found).toFixed(2) };
}
