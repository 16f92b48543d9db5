#!/usr/bin/env node
import { existsSync } from 'node:fs';

// In a checkout the sources run as they are; the package holds them built.
if (existsSync(new URL('liqbands.ts', import.meta.url))) {
  const { register } = await import('tsx/esm/api');
  register();
  await import('./liqbands.ts');
} else await import('../../dist/cli/liqbands.js');
