import type { Reporter, TestModule } from 'vitest/node';

/** Ends every run with one plain line that scripts can read. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const again: string[] = [];
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' && test.diagnostic()?.flaky) again.push(test.fullName);
        count[state === 'pending' ? 'skipped' : state] += 1;
      }
      const broken = [module, ...module.children.allSuites()].filter((each) => each.errors().length > 0);
      count.failed += broken.length;
    }
    count.failed += errors.length;
    for (const name of again) console.log(`passed at the second try: ${name}`);
    console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
