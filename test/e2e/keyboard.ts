import type { Page } from 'playwright-core';

/** Walks through a page by Tab, and notes what is met on the way and whether its focus can be seen. */
export class Walk {
  /** What had the focus without showing it. */
  readonly unseen: string[] = [];
  private readonly met: string[] = [];
  private static count = 0;
  /** What this walk has met; an earlier one may have gone through the same page. */
  private readonly mark = String(++Walk.count);

  constructor(private readonly page: Page) {}

  /**
   * Presses Tab until what has the focus is called `name`.
   *
   * @throws Error where the walk comes round without it
   */
  async to(name: RegExp): Promise<void> {
    for (let at = await this.next(); at !== undefined; at = await this.next()) if (name.test(at)) return;
    throw new Error(`Tab met no ${name}, but ${this.met.join(' | ')}`);
  }

  /** Walks on to the end; what can be pressed or filled in and was met nowhere on the walk. */
  async toEnd(): Promise<string[]> {
    while ((await this.next()) !== undefined);
    return this.page.evaluate(
      ([mark, met]) =>
        [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
          // Of radio buttons the chosen one is met, and arrow keys choose.
          .filter((each) => !each.matches(`:disabled, [data-met="${mark}"], [type=radio]:not(:checked)`))
          .filter((each) => each.checkVisibility())
          // What was drawn anew meanwhile has another element, and the same words.
          .filter(({ textContent }) => !met.includes(textContent.trim()))
          .map(({ outerHTML }) => outerHTML),
      [this.mark, this.met.filter(Boolean)] as const,
    );
  }

  /**
   * The name of what has the focus after one more Tab; undefined once the walk has come round. Between the last and the first
   * nothing has it, nor where what had it has gone: the walk goes on from there.
   */
  private async next(isAgain = false): Promise<string | undefined> {
    await this.page.keyboard.press('Tab');
    const met = await this.page.evaluate((mark) => {
      const element = document.activeElement as HTMLInputElement | null;
      if (element === null || element === document.body) return 'nothing';
      if (element.getAttribute('data-met') === mark) return undefined;
      element.setAttribute('data-met', mark);
      // What is drawn in place of an input shows the focus for it.
      const isSeen = [element, element.nextElementSibling, element.closest('label')].some((each) => {
        const style = each && getComputedStyle(each);
        return style && style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1;
      });
      const name = element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent;
      return { name: (name || element.tagName).trim(), isSeen };
    }, this.mark);
    if (met === 'nothing') return isAgain ? undefined : this.next(true);
    if (!met) return undefined;
    this.met.push(met.name);
    if (!met.isSeen) this.unseen.push(met.name);
    return met.name;
  }
}

/** What moves on a page, or would: of a page whose user asked for less motion there is to be none. */
export const moving = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const isLong = (times: string) => times.split(',').some((time) => Number.parseFloat(time) > 0);
    return [...document.querySelectorAll('*')].flatMap((element) =>
      [undefined, '::before', '::after']
        .map((part) => getComputedStyle(element, part))
        .filter(
          (style) =>
            (style.animationName !== 'none' && isLong(style.animationDuration)) ||
            isLong(style.transitionDuration),
        )
        .map(() => element.outerHTML.slice(0, 120)),
    );
  });
