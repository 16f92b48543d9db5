/** What the estimate may look like: values alone, so that scripts in pages carry no readers for them. */
export const modes = ['levels', 'bands', 'profile', 'heatmap'] as const;
export const palettes = ['viridis', 'classic'] as const;
/** Of the strongest band. */
export const opacities = { least: 0.1, most: 1, step: 0.05 } as const;
