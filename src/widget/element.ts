import { languageAround } from '../ui/languages';
import { type AttributeName, attributeNames, heightOf, readAttributes } from './attributes';
import { type Mounted, mount } from './mount';
import { SharedLoads } from './shared-loads';
import type { Loaded, WidgetEnvironment } from './source';
import type { LiquidationMapElement } from './types/liquidation-map';
import css from './widget.css?inline';

/** How near to what is in sight an element has to come before it loads. */
const nearby = '200px';

/**
 * The class of `<liquidation-map symbol="ETH" window="24h" src="snapshot.json" theme="auto">`. Attributes and properties may
 * change at any time; outside the document, and until it comes into sight, the element does nothing and holds nothing.
 */
export function createElementClass(around: WidgetEnvironment): CustomElementConstructor {
  const loads = new SharedLoads(around);
  const sheetFor = oneSheetEach();

  class Element extends HTMLElement {
    static observedAttributes = [...attributeNames, 'lang'];

    #root: HTMLElement;
    #watched: IntersectionObserver | undefined;
    #shown: AbortController | undefined;
    #mounted: Mounted | undefined;
    #due = false;

    constructor() {
      super();
      const shadow = this.attachShadow({ mode: 'open' });
      this.#root = document.createElement('section');
      shadow.append(this.#root);
    }

    connectedCallback(): void {
      this.shadowRoot!.adoptedStyleSheets = [sheetFor(this.ownerDocument)];
      setHeight(this);
      this.#watched = watchNearby(this, () => this.#begin());
    }

    disconnectedCallback(): void {
      this.#watched?.disconnect();
      this.#shown?.abort();
      this.#shown = undefined;
      this.#mounted = undefined;
    }

    attributeChangedCallback(name: string): void {
      if (name === 'height') setHeight(this);
      // Before it is in sight there is nothing to change. Several changes at once are one.
      if (!this.#shown || this.#due) return;
      this.#due = true;
      queueMicrotask(() => {
        this.#due = false;
        if (this.#shown) this.#restart();
      });
    }

    /** Where a price lies, in CSS pixels from the top of the chart; null while none is drawn. */
    priceToY(price: number): number | null {
      return this.#mounted?.priceToY(price) ?? null;
    }

    #begin(): void {
      this.#watched?.disconnect();
      this.#restart();
    }

    #restart(): void {
      this.#shown?.abort();
      this.#shown = new AbortController();
      const language = languageAround(this);
      const attributes = readAttributes(this, this.ownerDocument.baseURI, language.speak);
      const host = {
        loads,
        now: around.now,
        onUpdate: ({ view: { symbol, window, price, asOf, levels = [] } }: Loaded) =>
          tell(this, 'update', { symbol, window, price, asOf, levels }),
        onError: (message: string) => tell(this, 'error', { message }),
      };
      this.#mounted = mount(this.#root, attributes, language, host, this.#shown.signal);
    }
  }

  for (const name of attributeNames) Object.defineProperty(Element.prototype, name, mirrorOf(name));
  return Element as unknown as CustomElementConstructor & { prototype: LiquidationMapElement };
}

/** The widget's style sheet for a document: a sheet belongs to the one it was made for. */
function oneSheetEach(): (document: Document) => CSSStyleSheet {
  const sheets = new WeakMap<Document, CSSStyleSheet>();
  return (document) => {
    const sheet = sheets.get(document) ?? new (document.defaultView ?? globalThis).CSSStyleSheet();
    if (!sheets.has(document)) sheet.replaceSync(css);
    sheets.set(document, sheet);
    return sheet;
  };
}

/** Calls back each time the element comes near to what is in sight, until the observer is disconnected. */
function watchNearby(element: HTMLElement, near: () => void): IntersectionObserver {
  const { IntersectionObserver } = element.ownerDocument.defaultView ?? globalThis;
  const observer = new IntersectionObserver(
    (entries) => entries.some(({ isIntersecting }) => isIntersecting) && near(),
    { rootMargin: nearby },
  );
  observer.observe(element);
  return observer;
}

function setHeight(element: HTMLElement): void {
  const height = heightOf(element.getAttribute('height'));
  if (height === undefined) element.style.removeProperty('--liquidation-map-height');
  else element.style.setProperty('--liquidation-map-height', `${height}px`);
}

function tell(element: HTMLElement, what: 'update' | 'error', detail: object): void {
  element.dispatchEvent(
    new CustomEvent(`liquidation-map:${what}`, { detail, bubbles: true, composed: true }),
  );
}

/** A property that is its attribute: null where it is not written. */
function mirrorOf(name: AttributeName): PropertyDescriptor & ThisType<HTMLElement> {
  return {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name);
    },
    set(value: unknown) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, String(value));
    },
  };
}
