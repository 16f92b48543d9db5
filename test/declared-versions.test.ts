import { relative, resolve } from 'node:path';
import {
  type BinaryExpression,
  type CallExpression,
  type ConditionalExpression,
  type Identifier,
  type IfStatement,
  type Node,
  type PropertyAccessExpression,
  SyntaxKind,
} from 'typescript/unstable/ast';
import {
  API,
  type Checker,
  type InterfaceType,
  type Symbol as NamedSymbol,
  type Project,
  type Type,
} from 'typescript/unstable/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { addedIn, type Browser, data, declared, type Entries, type Entry } from './compatibility';

/**
 * What the extension's own source asks of a browser, by the compiler's knowledge of which interface a name belongs to, was
 * there in the version that the manifest declares, by Mozilla's compatibility data. What libraries ask is looked for in what
 * is built, by name alone: `test/e2e/declared-versions.test.ts`.
 */

const interfaces: Entries = {
  ...data.javascript.builtins,
  ...(data.javascript.builtins.Intl as Entries),
  ...data.api,
};

/** Used all the same, as it harms nobody who lacks it. */
const harmless: Record<Browser, string[]> = {
  chrome: [],
  // Set, and without effect.
  firefox: ['src/content/overlay/ink-map.ts: OffscreenCanvasRenderingContext2D.imageSmoothingQuality'],
  firefox_android: [
    'src/content/overlay/ink-map.ts: OffscreenCanvasRenderingContext2D.imageSmoothingQuality',
  ],
};

const memberOf = (entry: Entry | undefined, member: string): Entry | undefined =>
  ['', '_static'].map((kind) => entry?.[member + kind] as Entry | undefined).find((found) => found?.__compat);

/** One use of something that a browser brings along. */
interface Use {
  file: string;
  /** Such as `URL.parse`, or `chrome.action.openPopup`. */
  name: string;
  entry: Entry;
  /** The source asks here whether the browser has it. */
  isAsked: boolean;
}

/** Whether it may be lacking here: `a.b?.()`, `a.b?.c`, `typeof a.b`, `if (a.b)`, `a.b && …`, `a.b ? … : …`, `Boolean(a.b)`. */
function isAsked(node: Node): boolean {
  const { parent } = node;
  switch (parent.kind) {
    case SyntaxKind.TypeOfExpression:
      return true;
    case SyntaxKind.CallExpression: {
      const { expression, questionDotToken } = parent as CallExpression;
      return expression === node ? questionDotToken !== undefined : pathOf(expression)?.[0] === 'Boolean';
    }
    case SyntaxKind.PropertyAccessExpression:
      return (parent as PropertyAccessExpression).questionDotToken !== undefined;
    case SyntaxKind.IfStatement:
      return (parent as IfStatement).expression === node;
    case SyntaxKind.ConditionalExpression:
      return (parent as ConditionalExpression).condition === node;
    case SyntaxKind.BinaryExpression: {
      const { left, operatorToken } = parent as BinaryExpression;
      return left === node && operatorToken.kind === SyntaxKind.AmpersandAmpersandToken;
    }
    default:
      return false;
  }
}

/** The whole of `chrome.a.b` as `['chrome', 'a', 'b']`; undefined for anything else. */
function pathOf(node: Node): string[] | undefined {
  if (node.kind === SyntaxKind.Identifier) return [(node as Identifier).text];
  if (node.kind !== SyntaxKind.PropertyAccessExpression) return undefined;
  const { expression, name } = node as PropertyAccessExpression;
  const left = pathOf(expression);
  return left && [...left, name.text];
}

/** Uses of the browser's interface for extensions. */
function extensionUses(file: string, nodes: readonly Node[]): Use[] {
  return nodes.flatMap((node) => {
    const path = pathOf(node);
    if (!path || path.length < 2 || !/^(chrome|browser)$/.test(path[0]!)) return [];
    let entry = data.webextensions.api as unknown as Entry | undefined;
    for (const [i, key] of path.slice(1).entries()) {
      // Areas of storage share one interface.
      if (path[1] === 'storage' && i === 2) entry = data.webextensions.api.storage!.StorageArea as Entry;
      entry = entry?.[key] as Entry | undefined;
    }
    return entry?.__compat ? [{ file, name: path.join('.'), entry, isAsked: isAsked(node) }] : [];
  });
}

const isOfLibrary = ({ declarations }: NamedSymbol) =>
  declarations.some(({ path }) => /\/lib\.[\w.]+\.d\.ts$/.test(path));

/** Names of a type and of all that it extends. */
function typeNames(checker: Checker, type: Type | undefined): string[] {
  const name = type?.getSymbol()?.name;
  if (!type || name === undefined) return [];
  const bases = checker.getBaseTypes(type as InterfaceType);
  return [name, ...bases.flatMap((base) => typeNames(checker, base))];
}

/** Uses of what the language and the web bring along. */
function libraryUses({ checker }: Project, file: string, nodes: readonly Node[]): Use[] {
  const names = nodes.map((node) =>
    node.kind === SyntaxKind.PropertyAccessExpression ? (node as PropertyAccessExpression).name : node,
  );
  return checker.getSymbolAtLocation(names).flatMap((symbol, i) => {
    const node = nodes[i]!;
    if (!symbol || !isOfLibrary(symbol)) return [];
    const use = { file, isAsked: isAsked(node) };
    if (node.kind === SyntaxKind.Identifier) {
      const entry = interfaces[symbol.name];
      return entry ? [{ ...use, name: symbol.name, entry }] : [];
    }
    const { expression } = node as PropertyAccessExpression;
    const owned = (owner: string | undefined): Use[] => {
      const shared = owner?.replace(/^Readonly(?!able)|Constructor$/g, '') ?? '';
      const entry = memberOf(interfaces[shared], symbol.name);
      return entry ? [{ ...use, name: `${shared}.${symbol.name}`, entry }] : [];
    };
    // By the interface that declares it; what several share is no interface in the data, but of those that share it.
    for (const owner of [symbol.getParent()?.name, pathOf(expression)?.at(-1)]) {
      const found = owned(owner);
      if (found.length > 0) return found;
    }
    return typeNames(checker, checker.getTypeAtLocation(expression)).flatMap(owned).slice(0, 1);
  });
}

/** Expressions that name something: alone, or of something else. Types, and what is declared, are none. */
function namesIn(source: Node): Node[] {
  const found: Node[] = [];
  const walk = (node: Node): void => {
    if (node.kind === SyntaxKind.PropertyAccessExpression) {
      found.push(node);
      walk((node as PropertyAccessExpression).expression);
      return;
    }
    if (node.kind === SyntaxKind.Identifier) found.push(node);
    node.forEachChild((child) => {
      if (child.kind < SyntaxKind.FirstTypeNode || child.kind > SyntaxKind.LastTypeNode) walk(child);
    });
  };
  walk(source);
  return found;
}

describe('the source', () => {
  const api = new API({ cwd: resolve('.') });
  afterAll(() => api.close());

  const uses = ['worker', 'content', 'pages', 'page-world'].flatMap((context) => {
    const config = resolve(`tsconfig/${context}.json`);
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)!;
    const files = project.program.getSourceFileNames().filter((name) => name.startsWith(resolve('src')));
    return files.flatMap((name) => {
      const source = project.program.getSourceFile(name);
      if (!source) return [];
      const file = relative('.', name);
      const nodes = namesIn(source);
      return [...libraryUses(project, file, nodes), ...extensionUses(file, nodes)];
    });
  });

  it('is read: the language, the web and the browser’s own', () => {
    const names = new Set(uses.map(({ name }) => name));
    for (const name of [
      'URL.parse',
      'Array.toSorted',
      'Element.checkVisibility',
      'browser.storage.local.get',
    ])
      expect(names).toContain(name);
  });

  it.each(Object.entries(declared))('asks nothing of %s %d that came later', (browser, version) => {
    const newer = uses.filter(({ entry }) => (addedIn(entry, browser as Browser) ?? 0) > version);
    const asked = new Set(newer.flatMap(({ file, name, isAsked }) => (isAsked ? [`${file}: ${name}`] : [])));
    const found = new Set(
      newer
        .map(({ file, name }) => `${file}: ${name}`)
        .filter((use) => ![...asked].some((each) => use === each || use.startsWith(`${each}.`))),
    );
    for (const use of harmless[browser as Browser]) found.delete(use);
    expect([...found]).toEqual([]);
  });
});
