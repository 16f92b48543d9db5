/**
 * Rank correlation (ρ) of the model, lowest and highest over the recorded sets, as printed in the accuracy report.
 *
 * @param report text of docs/accuracy.md; the model's row of each set's table begins with `| model | ρ |`
 * @throws RangeError when it holds no such row
 */
export function rankCorrelation(report: string): { low: string; high: string } {
  const found = [...report.matchAll(/^\| model \| (\d\.\d+) \|/gm)].map(([, rho]) => Number(rho));
  if (found.length === 0) throw new RangeError('rankCorrelation requires a report with a row of the model');
  return { low: Math.min(...found).toFixed(2), high: Math.max(...found).toFixed(2) };
}
