import { compile } from 'svelte/compiler';
import { build, type Plugin } from 'vite';

/** A page of each framework with the element in it, as its authors write it, bundled with the package's module. */

const widget = `import ${JSON.stringify(`${process.cwd()}/dist/widget/liquidation-map.js`)};`;

const sources: Record<string, string> = {
  react: `${widget}
    import { createElement as h, StrictMode, useState } from 'react';
    import { createRoot } from 'react-dom/client';
    function App() {
      const [mode, setMode] = useState('levels');
      const [drawn, setDrawn] = useState('');
      return h('div', { ref: (each) => each?.addEventListener('liquidation-map:update', ({ detail }) => setDrawn(detail.symbol)) },
        h('button', { onClick: () => setMode('heatmap') }, 'Heatmap'), h('output', null, drawn),
        h('liquidation-map', { symbol: 'ETH', src: 'ETH.json', mode }));
    }
    createRoot(document.querySelector('#app')).render(h(StrictMode, null, h(App)));`,
  vue: `${widget}
    import { createApp, h, ref } from 'vue/dist/vue.runtime.esm-bundler.js';
    createApp({
      setup() {
        const mode = ref('levels');
        const drawn = ref('');
        return () => [
          h('button', { onClick: () => { mode.value = 'heatmap'; } }, 'Heatmap'), h('output', drawn.value),
          h('liquidation-map', { symbol: 'ETH', src: 'ETH.json', mode: mode.value,
            'onLiquidation-map:update': ({ detail }) => { drawn.value = detail.symbol; } }),
        ];
      },
    }).mount('#app');`,
  svelte: `${widget}
    import { mount } from 'svelte';
    import App from 'virtual:app.svelte';
    mount(App, { target: document.querySelector('#app') });`,
};

const component = `<script>
  let mode = $state('levels');
  let drawn = $state('');
</script>
<button onclick={() => (mode = 'heatmap')}>Heatmap</button><output>{drawn}</output>
<liquidation-map symbol="ETH" src="ETH.json" {mode} onliquidation-map:update={({ detail }) => (drawn = detail.symbol)}></liquidation-map>`;

const pages: Plugin = {
  name: 'framework-pages',
  resolveId: (id) => (id.startsWith('virtual:') ? `\0${id}.js` : undefined),
  load(id) {
    if (id === '\0virtual:app.svelte.js')
      return compile(component, { generate: 'client', css: 'external' }).js.code;
    return id.startsWith('\0virtual:') ? sources[id.slice('\0virtual:'.length, -'.js'.length)] : undefined;
  },
};

export const frameworks = Object.keys(sources);

/** The scripts of the pages, by file name: `react.js`, `vue.js`, `svelte.js` and what they share. */
export async function frameworkPages(): Promise<Map<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [pages],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: Object.fromEntries(frameworks.map((name) => [name, `virtual:${name}`])),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  });
  const { output } = [built].flat()[0] as Extract<typeof built, { output: unknown }>;
  return new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code]] : [])));
}
