import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ClassDeclaration, type ClassExpression, type Module, parseSync } from '@swc/core';

/** What the sources weigh: `npx tsx src/tools/house.ts [FOLDER]`, with the folder of another checkout to compare. */

/** One class with its number of fields: declared ones, and parameters of the constructor that become fields. */
export interface MeasuredClass {
  file: string;
  name: string;
  fields: number;
  methods: number;
}

/** Source files below a folder, sorted, without declarations of types. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|mjs)$/.test(file) && !file.endsWith('.d.ts'))
    .sort()
    .map((file) => join(folder, file));
}

const parsed = (file: string): Module =>
  parseSync(readFileSync(file, 'utf8'), {
    syntax: 'typescript',
    tsx: file.endsWith('.tsx'),
    target: 'es2022',
  });

/** What a file exports by name of its own; what it passes on of others is left out. */
function exportsOf(file: string): string[] {
  return parsed(file).body.flatMap((item) => {
    if (item.type !== 'ExportDeclaration') return [];
    const { declaration } = item;
    if (declaration.type === 'VariableDeclaration')
      return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.value] : []));
    const named = 'identifier' in declaration ? declaration.identifier : declaration.id;
    return named.type === 'Identifier' ? [named.value] : [];
  });
}

/** Exported names that several files have, with those files. */
export function sharedNames(files: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of files)
    for (const name of new Set(exportsOf(file))) found.set(name, [...(found.get(name) ?? []), file]);
  return new Map([...found].filter(([, places]) => places.length > 1));
}

/** Every class of a file. */
export function classesOf(file: string): MeasuredClass[] {
  const found: MeasuredClass[] = [];
  visit(parsed(file), (node) => {
    const parameters = node.body.flatMap((member) =>
      member.type === 'Constructor'
        ? member.params.filter((parameter) => parameter.type === 'TsParameterProperty')
        : [],
    );
    const declared = node.body.filter(
      (member) => (member.type === 'ClassProperty' || member.type === 'PrivateProperty') && !member.isStatic,
    );
    found.push({
      file,
      name: node.identifier?.value ?? '(unnamed)',
      fields: declared.length + parameters.length,
      methods: node.body.filter(({ type }) => type === 'ClassMethod' || type === 'PrivateMethod').length,
    });
  });
  return found;
}

type ClassNode = (ClassDeclaration | ClassExpression) & { identifier?: { value: string } };

function visit(node: Module | object, see: (node: ClassNode) => void): void {
  const { type } = node as { type?: string };
  if (type === 'ClassDeclaration' || type === 'ClassExpression') see(node as ClassNode);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === 'object') visit(child, see);
    }
  }
}

function measure(root: string): object {
  const name = (file: string) => relative(root, file);
  const files = sourceFiles(join(root, 'src')).filter((file) => statSync(file).size > 0);
  const lines = files.map((file) => readFileSync(file, 'utf8').split('\n').length - 1);
  const order = files.map((_, i) => i).sort((a, b) => lines[b]! - lines[a]!);
  const classes = files.flatMap(classesOf).sort((a, b) => b.fields - a.fields);
  return {
    files: files.length,
    lines: lines.reduce((sum, each) => sum + each, 0),
    medianLines: [...lines].sort((a, b) => a - b)[lines.length >> 1],
    largestFiles: order.slice(0, 5).map((i) => `${name(files[i]!)}: ${lines[i]}`),
    largestClasses: classes
      .slice(0, 5)
      .map((each) => `${each.name} (${name(each.file)}): ${each.fields} fields, ${each.methods} methods`),
    sharedNames: [...sharedNames(files)].map(
      ([shared, places]) => `${shared}: ${places.map(name).join(', ')}`,
    ),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(JSON.stringify(measure(resolve(process.argv[2] ?? '.')), null, 2));
