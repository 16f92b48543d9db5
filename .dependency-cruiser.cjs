/** Which layer may import which. Read from left to right: a layer may import the ones listed, itself, and nothing else of `src`. */
const layers = {
  engine: [],
  venues: ['engine'],
  feeds: ['engine', 'venues'],
  protocol: ['engine', 'venues'],
  estimate: ['engine', 'venues', 'feeds', 'protocol'],
  paint: ['engine', 'protocol'],
  ui: ['engine', 'protocol', 'paint'],
  background: ['engine', 'venues', 'feeds', 'protocol', 'estimate'],
  content: ['engine', 'venues', 'protocol', 'paint', 'ui'],
  popup: ['engine', 'venues', 'protocol', 'paint', 'ui'],
  position: ['engine', 'venues', 'protocol', 'paint', 'ui'],
  accuracy: ['ui'],
  welcome: ['venues', 'ui'],
  options: ['venues', 'protocol', 'ui'],
  desk: ['engine', 'venues', 'protocol', 'paint', 'ui', 'widget'],
  widget: ['engine', 'venues', 'feeds', 'protocol', 'estimate', 'paint', 'ui'],
  site: [],
  cli: ['engine', 'venues', 'feeds', 'protocol', 'estimate', 'paint', 'ui', 'tools/replay'],
  'tools/replay': ['engine', 'venues'],
  tools: [
    'engine',
    'venues',
    'feeds',
    'protocol',
    'estimate',
    'paint',
    'ui',
    'background',
    'cli',
    'widget',
    'content/sites',
  ],
};

/** Packages that belong to some layers only. */
const packages = {
  'webextension-polyfill': [
    'protocol',
    'background',
    'content',
    'popup',
    'position',
    'desk',
    'options',
    'ui',
  ],
  zod: ['feeds', 'protocol', 'content', 'cli', 'options'],
  preact: ['ui', 'content', 'popup', 'position', 'desk', 'options', 'welcome', 'accuracy', 'widget'],
  'lightweight-charts': ['widget', 'desk', 'tools'],
  idb: ['background', 'tools'],
};

/** Rooms inside a layer: which other rooms of it each may import. Entry files stand above them and may import all. */
const rooms = {
  background: {
    storage: [],
    browser: ['storage'],
    venue: ['storage', 'browser'],
    symbol: ['venue', 'storage', 'browser'],
  },
  content: {
    sites: [],
    'page-world': [],
    axis: ['page-world'],
    overlay: ['axis'],
    finder: ['sites', 'axis'],
    frame: ['overlay', 'axis', 'sites', 'finder'],
  },
};

const name = (list) => list.join('|');

module.exports = {
  forbidden: [
    ...Object.entries(layers).map(([layer, allowed]) => ({
      name: `${layer}-imports`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: '^src/', pathNot: `^src/(${name([layer, ...allowed])})/` },
    })),
    {
      name: 'engine-imports-nothing',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { pathNot: '^src/engine/' },
    },
    ...Object.entries(rooms).flatMap(([layer, ofLayer]) =>
      Object.entries(ofLayer).map(([room, allowed]) => ({
        name: `${layer}/${room}-imports`,
        severity: 'error',
        from: { path: `^src/${layer}/${room}/` },
        to: { path: `^src/${layer}/`, pathNot: `^src/${layer}/(${name([room, ...allowed])})/` },
      })),
    ),
    ...Object.entries(packages).map(([pkg, allowed]) => ({
      name: `${pkg}-only-in`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${name(allowed)})/` },
      to: { path: `^node_modules/${pkg}/` },
    })),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
};
