import { attributesOf, type Choice, snippetsOf } from './snippets';

/** The builder: a form, the map as it will look, and what to copy. */

const form = document.querySelector('form')!;
const preview = document.querySelector('#preview')!;
const copied = document.querySelector('#copied')!;

const figures = [...document.querySelectorAll<HTMLElement>('[data-snippet]')].map((figure) => {
  const code = document.createElement('code');
  const block = document.createElement('pre');
  block.tabIndex = 0;
  block.append(code);
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', () => void copy(code));
  figure.append(block, button);
  return { name: figure.dataset.snippet as keyof ReturnType<typeof snippetsOf>, code };
});

async function copy(code: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '');
    copied.textContent = 'Copied';
  } catch {
    getSelection()!.selectAllChildren(code);
    copied.textContent = 'Selected: copy it with your keyboard';
  }
}

const choiceOf = (): Choice =>
  Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]),
  ) as unknown as Choice;

function show(): void {
  const choice = choiceOf();
  const snippets = snippetsOf(choice);
  for (const { name, code } of figures) code.textContent = snippets[name];
  // The preview has the recorded market, whatever the symbol: only its look is of interest.
  const element = document.createElement('liquidation-map');
  for (const [name, value] of attributesOf({ ...choice, symbol: 'ETH', src: 'demo/eth.json' }))
    element.setAttribute(name, value);
  preview.replaceChildren(element);
}

form.addEventListener('input', show);
form.addEventListener('submit', (event) => event.preventDefault());
show();
