import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import { marked } from 'marked';
import { minify } from 'terser';
import { type BuildOptions, build, type PluginOption, type Rolldown } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import type { TestSequencerConstructor, TestSpecification } from 'vitest/node';
import manifest from './manifest.json' with { type: 'json' };

/**
 * Modes: `chrome` and `firefox` build the extension from one manifest, `widget` the stand-alone custom element,
 * `cli` the command line as it ships, `site` the pages about it, which hold a built one.
 * Any other mode is a test run: `unit` needs nothing, `replay` the replay exchange, `browser` and `browser-alone` real browsers too.
 */

function extension(browser: 'chrome' | 'firefox'): PluginOption[] {
  const { browser_specific_settings, side_panel, sidebar_action, ...common } = manifest;
  if (browser === 'chrome') {
    const permissions = [...common.permissions, 'sidePanel'];
    return crx({ manifest: { ...common, side_panel, permissions } as ManifestV3Export });
  }
  const { service_worker, type } = manifest.background;
  return crx({
    browser: 'firefox',
    manifest: {
      ...common,
      browser_specific_settings,
      sidebar_action,
      background: { scripts: [service_worker], type },
    } as unknown as ManifestV3Export,
  });
}

/** Source files that a script is made of: the entry and all that it imports, but for types. */
function sourcesOf(entry: string, known = new Map<string, string>()): Map<string, string> {
  if (known.has(entry)) return known;
  const code = readFileSync(entry, 'utf8');
  known.set(entry, code);
  const imports = /^(?:import|export)(?! type)[^;]*? from '(\.[^']+)';$|\bimport\('(\.[^']+)'\)/gms;
  for (const [, from, later] of code.matchAll(imports)) {
    const path = from ?? later!;
    const file = [`${path}.ts`, `${path}.tsx`, `${path}/index.ts`]
      .map((each) => join(dirname(entry), each))
      .find((each) => existsSync(each));
    if (file) sourcesOf(file, known);
  }
  return known;
}

/** The texts that a script can ask for: by their keys, and by `keyOf` all of a place. */
function textsOf(
  entry: string,
  all: Record<string, { message: string }>,
): Record<string, { message: string }> {
  const code = [...sourcesOf(entry).values()].join('\n');
  const places = [...code.matchAll(/keyOf\('(\w+)'/g)].map(([, place]) => `${place}_`);
  const literals = new Set([...code.matchAll(/['"`](\w+)['"`]/g)].map(([, text]) => text));
  return Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => literals.has(key) || places.some((place) => key.startsWith(place)))
      .map(([key, { message }]) => [key, { message }]),
  );
}

/**
 * The widget carries along the texts that it can ask for, without notes to translators: English by their keys, the other
 * languages in the order of the English ones.
 */
const ownTexts: PluginOption = {
  name: 'own-texts',
  enforce: 'pre',
  load: {
    filter: { id: /_locales\/\w+\/messages\.json$/ },
    handler: (id) => {
      const read = (path: string) => textsOf('src/widget/index.ts', JSON.parse(readFileSync(path, 'utf8')));
      const english = read('public/_locales/en/messages.json');
      if (id.includes('/en/')) return { code: `export default ${JSON.stringify(english)}`, moduleType: 'js' };
      const own = read(id);
      const texts = Object.keys(english).map((key) => own[key]!.message);
      const code = `import english from '../en/messages.json';
        const texts = ${JSON.stringify(texts)};
        export default Object.fromEntries(Object.keys(english).map((key, i) => [key, { message: texts[i] }]));`;
      return { code, moduleType: 'js' };
    },
  },
};

/** Of the accuracy report the widget tells two figures: it carries the rows that they are in. */
const ownFigures: PluginOption = {
  name: 'own-figures',
  enforce: 'pre',
  load: {
    filter: { id: /docs\/accuracy\.md\?raw$/ },
    handler: () => {
      const report = readFileSync('docs/accuracy.md', 'utf8');
      const rows = report.match(/^### One hour ahead$|^\| the map as it stood \|.*$/gm) ?? [];
      return `export default ${JSON.stringify(rows.join('\n'))}`;
    },
  },
};

/** A script of its own, with all that it imports. */
async function scriptOf(
  entry: string,
  format: 'es' | 'iife',
  options: BuildOptions = { target: 'es2023' },
): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: { write: false, lib: { entry, formats: [format], name: 'script' }, ...options },
  });
  const { output } = [built].flat()[0] as Extract<typeof built, { output: unknown }>;
  return output[0].code;
}

/** What asks the exchanges is a script beside the widget's own: pages with a snapshot never load it. */
const liveScript: PluginOption = {
  name: 'live-script',
  enforce: 'pre',
  resolveId: {
    filter: { id: /^\.\/live$/ },
    handler: () => ({ id: './liquidation-map.live.js', external: true }),
  },
  async generateBundle() {
    const source = await scriptOf('src/widget/live.ts', 'es', {
      target: 'es2022',
      rolldownOptions: { output: { minify: true } },
    });
    this.emitFile({ type: 'asset', fileName: 'liquidation-map.live.js', source });
  },
};

/** Scripts that the manifest does not name: the worker brings them into frames that want them. */
const broughtScripts: PluginOption = {
  name: 'brought-scripts',
  async generateBundle() {
    for (const name of ['overlay', 'heat', 'extras', 'elements']) {
      const source = await scriptOf(`src/content/${name}.iife.ts`, 'iife');
      this.emitFile({ type: 'asset', fileName: `src/content/${name}.iife.js`, source });
    }
  },
};

/** What is written for a script, whether it was built here or brought. */
const codeOf = (file: Rolldown.OutputChunk | Rolldown.OutputAsset): string =>
  file.type === 'chunk' ? file.code : String(file.source);

function setCode(file: Rolldown.OutputChunk | Rolldown.OutputAsset, code: string): void {
  if (file.type === 'chunk') file.code = code;
  else file.source = code;
}

/** Every page pays for the content scripts: a second minifier, after Vite's own, takes another fortieth off them. */
const smaller: PluginOption = {
  name: 'smaller-content-scripts',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    async handler(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (!file.fileName.endsWith('.iife.js')) continue;
        const { code } = await minify(codeOf(file), {
          ecma: 2020,
          compress: { passes: 3, unsafe_arrows: true },
        });
        setCode(file, code!);
      }
    },
  },
};

/** Preact's way to take markup from text, which nothing here uses, is left out: what is not there is no way in. */
const withoutMarkup: PluginOption = {
  name: 'without-markup',
  transform: {
    filter: { id: /\/preact\/dist\/preact\.mjs$/ },
    handler(code) {
      const without = code.replace(
        /(\w)\?\(\w\|\|\w&&\(\1\.__html==\w\.__html\|\|\1\.__html==\w\.innerHTML\)\|\|\(\w\.innerHTML=\1\.__html\),\w\.__k=\[\]\):(?=\()/,
        '',
      );
      if (without === code) throw new Error('Preact takes markup from text in another way than before');
      return { code: without, map: null };
    },
  },
};

/** Pages that load the widget may declare no character set, or another one: the script is plain ASCII. */
const asciiOnly: PluginOption = {
  name: 'ascii-only',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (!file.fileName.endsWith('.js')) continue;
        const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
        setCode(file, codeOf(file).replace(/[^\0-\x7f]/g, escaped));
      }
    },
  },
};

/** The replay exchange is for developers: the command line that ships says so where it is asked for. */
const withoutReplay: PluginOption = {
  name: 'without-replay',
  enforce: 'pre',
  resolveId: { filter: { id: /\/tools\/replay$/ }, handler: () => '\0replay' },
  load: {
    filter: { id: /^\0replay$/ },
    handler: () => `const absent = () => { throw new Error('--replay is for a checkout of the project'); };
      export { absent as createReplay, absent as replayFetch, absent as replayWebSocket };
      export const showcase = 0;`,
  },
};

/** The site's pages share head, navigation and footer, hold texts of the documentation, and lie beside the widget, a snapshot and the report's picture. */
const siteParts: PluginOption = {
  name: 'site-parts',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) =>
      html.replace(/<!-- include (docs\/[\w/]+\.(?:md|html)) -->/g, (_, file: string) => {
        const part = readFileSync(file, 'utf8');
        return file.endsWith('.md') ? pageOf(part) : part;
      }),
  },
  generateBundle() {
    const files = {
      'liquidation-map.iife.js': 'dist/widget/liquidation-map.iife.js',
      'liquidation-map.live.js': 'dist/widget/liquidation-map.live.js',
      'demo/eth.json': 'docs/snapshots/eth.json',
      'accuracy.png': 'docs/accuracy.png',
    };
    for (const [fileName, from] of Object.entries(files))
      this.emitFile({ type: 'asset', fileName, source: readFileSync(from) });
  },
};

/** Where the site has what its texts link to; other links of theirs lead nowhere on it. */
const sitePages: Record<string, string> = {
  'model.md': 'made.html',
  'accuracy.md': 'accuracy.html',
  'snapshot.md': 'api.html',
};

function pageOf(markdown: string): string {
  return (
    (marked.parse(markdown, { async: false }) as string)
      .replace(/<a href="(?!https:)([^"]*)">(.*?)<\/a>/g, (_, to: string, words: string) =>
        sitePages[to] ? `<a href="${sitePages[to]}">${words}</a>` : words,
      )
      // A corner without words is no heading; what scrolls can be reached with the keyboard.
      .replaceAll('<th></th>', '<td></td>')
      .replaceAll('<pre>', '<pre tabindex="0">')
      .replace(/<img src="/g, '<img vite-ignore src="')
  );
}

/** Tests that run the worker, the feeds or a command against the replay exchange, in this process or in one of their own. */
const onReplay = [
  'test/background/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/tools/**/*.test.ts',
  'test/feeds/{exchange,faults}.test.ts',
  'test/widget/{script,live}.test.ts',
  'test/estimate/{read-market,same-market}.test.ts',
];

/** Pages of the extension that the manifest does not name. */
const pages = ['position', 'desk', 'accuracy', 'welcome'].map((page) => `src/${page}/index.html`);

/**
 * Real browsers on a busy machine: whatever holds in the end is waited for, a minute if it must be; `launchChromium` has
 * pages wait as long. What passes only at the second try is named in the summary.
 */
const patient = {
  globalSetup: ['test/e2e/setup.ts'],
  retry: 1,
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000, interval: 100 } },
};

/** Browser tests that measure times: nothing else runs beside them. */
const alone = ['test/e2e/{bench-page,hostile}.test.ts'];

/** Short files that take minutes. */
const long = ['e2e/align.test.ts', 'e2e/worker-killed.test.ts'];

/**
 * Where no earlier run tells how long files take, Vitest begins with the largest: these would end up last, alone on one
 * core. Builds do without what only test runs load.
 */
async function longestFirst(): Promise<TestSequencerConstructor> {
  const { BaseSequencer } = await import('vitest/node');
  const isLong = ({ moduleId }: TestSpecification): boolean => long.some((end) => moduleId.endsWith(end));
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const sorted = await super.sort(files);
      return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
    }
  };
}

export default defineConfig(async ({ mode }): Promise<ViteUserConfig> => {
  if (mode === 'chrome' || mode === 'firefox') {
    return {
      plugins: [extension(mode), withoutMarkup, broughtScripts, smaller],
      build: {
        outDir: `dist/${mode}`,
        emptyOutDir: true,
        target: 'es2023',
        modulePreload: false,
        license: { fileName: 'third-party.md' },
        rolldownOptions: { input: pages },
      },
    };
  }
  if (mode === 'widget') {
    return {
      publicDir: 'src/widget/types',
      plugins: [ownTexts, ownFigures, liveScript, asciiOnly],
      build: {
        outDir: 'dist/widget',
        license: { fileName: 'third-party.md' },
        target: 'es2022',
        lib: {
          entry: 'src/widget/index.ts',
          name: 'Liqbands',
          formats: ['es', 'iife'],
          fileName: (format) => (format === 'es' ? 'liquidation-map.js' : 'liquidation-map.iife.js'),
        },
      },
    };
  }
  if (mode === 'cli') {
    return {
      publicDir: false,
      plugins: [withoutReplay],
      build: { ssr: 'src/cli/liqbands.ts', outDir: 'dist/cli', target: 'node20', emptyOutDir: true },
    };
  }
  if (mode === 'site') {
    return {
      root: 'docs/site',
      base: './',
      publicDir: false,
      plugins: [siteParts],
      build: {
        outDir: resolve('dist/site'),
        emptyOutDir: true,
        target: 'es2022',
        modulePreload: false,
        assetsInlineLimit: 0,
        rolldownOptions: {
          input: ['index', 'made', 'accuracy', 'builder', 'embed', 'api', 'recipes'].map((page) =>
            resolve(`docs/site/${page}.html`),
          ),
        },
      },
    };
  }
  return {
    test: {
      reporters: ['default', './test/summary.ts'],
      sequence: { sequencer: await longestFirst() },
      projects: [
        {
          test: {
            name: 'unit',
            include: ['test/**/*.test.{ts,tsx}'],
            exclude: ['test/e2e/**', ...onReplay],
            // Ten times what the longest needs.
            testTimeout: 60_000,
            setupFiles: ['test/seed.ts'],
            maxWorkers: 3,
          },
        },
        {
          test: {
            name: 'replay',
            include: onReplay,
            setupFiles: ['test/seed.ts'],
            // They wait for sockets more than they compute.
            maxWorkers: 4,
            // Minutes of market time pass in seconds; on a busy machine in many more.
            testTimeout: 180_000,
            hookTimeout: 180_000,
            sequence: { groupOrder: 1 },
          },
        },
        {
          test: {
            name: 'browser',
            include: ['test/e2e/**/*.test.ts'],
            exclude: alone,
            ...patient,
            maxWorkers: 3,
            sequence: { groupOrder: 2 },
          },
        },
        {
          test: {
            name: 'browser-alone',
            include: alone,
            ...patient,
            fileParallelism: false,
            sequence: { groupOrder: 3 },
          },
        },
      ],
    },
  };
});
