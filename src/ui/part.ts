/** An element with a class and content: what badge, panel and widget are made of, where a library would weigh too much. */
export function part<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  name = '',
  ...content: (string | Node)[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...content);
  return element;
}

/** Sets the text where it differs: screen readers, selections and the page's observers are left in peace otherwise. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
