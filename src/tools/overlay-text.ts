import type { Page } from 'playwright-core';

interface DomNode {
  nodeName: string;
  nodeValue: string;
  attributes?: string[];
  children?: DomNode[];
  shadowRoots?: DomNode[];
  contentDocument?: DomNode;
}

/** Attributes that words are told in: by the style sheet, to screen readers, beside a canvas. */
const wordAttributes = ['data-words', 'aria-label', 'aria-description'];

/** The text a person reads inside our host elements; their shadow roots are closed to the page, not to the debugger. */
export async function overlayText(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  try {
    const { root } = (await session.send('DOM.getDocument', { depth: -1, pierce: true })) as unknown as {
      root: DomNode;
    };
    const words: string[] = [];
    const visit = (node: DomNode, ours: boolean) => {
      const inside = ours || (node.attributes ?? []).some((name) => name.startsWith('data-liqbands'));
      if (inside && node.nodeName === '#text' && node.nodeValue.trim()) words.push(node.nodeValue.trim());
      const attributes = node.attributes ?? [];
      const isHidden = attributes.some((name, i) => i % 2 === 0 && name === 'hidden');
      if (node.nodeName === 'STYLE' || isHidden) return;
      for (let i = 0; inside && i < attributes.length; i += 2)
        if (wordAttributes.includes(attributes[i]!)) words.push(attributes[i + 1]!);
      for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) visit(child, inside);
      if (node.contentDocument) visit(node.contentDocument, inside);
    };
    visit(root, false);
    return words.join(' ');
  } finally {
    await session.detach();
  }
}

/** Whether such a text tells an estimate, and not only that one is awaited. */
export const tellsEstimate = (text: string): boolean => /±5 %|within 5 %/.test(text);
