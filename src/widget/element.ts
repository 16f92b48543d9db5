import { attributeNames, readAttributes } from './attributes';
import { type Mounted, mount } from './mount';
import type { Surroundings } from './source';
import type { LiquidationMapElement } from './types/liquidation-map';
import css from './widget.css?inline';

/**
 * The class of `<liquidation-map symbol="ETH" window="24h" src="snapshot.json" theme="auto">`. Attributes may change at any
 * time; outside the document the element does nothing and holds nothing.
 */
export function createElementClass(around: Surroundings): CustomElementConstructor {
  const style = new CSSStyleSheet();
  style.replaceSync(css);

  return class extends HTMLElement implements LiquidationMapElement {
    static observedAttributes = attributeNames;

    #root: HTMLElement;
    #shown: AbortController | undefined;
    #mounted: Mounted | undefined;

    constructor() {
      super();
      const shadow = this.attachShadow({ mode: 'open' });
      shadow.adoptedStyleSheets = [style];
      this.#root = document.createElement('section');
      shadow.append(this.#root);
    }

    connectedCallback(): void {
      this.#restart();
    }

    disconnectedCallback(): void {
      this.#shown?.abort();
      this.#shown = undefined;
      this.#mounted = undefined;
    }

    attributeChangedCallback(): void {
      // Before the element is in the document there is nothing to change.
      if (this.#shown) this.#restart();
    }

    /** Where a price lies, in CSS pixels from the top of the chart; null while none is drawn. */
    priceToY(price: number): number | null {
      return this.#mounted?.priceToY(price) ?? null;
    }

    #restart(): void {
      this.#shown?.abort();
      this.#shown = new AbortController();
      const attributes = readAttributes(this, document.baseURI);
      this.#mounted = mount(this.#root, attributes, around, this.#shown.signal);
    }
  };
}
