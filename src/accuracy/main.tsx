import { render } from 'preact';
import report from '../../docs/accuracy.md?raw';
import { App } from './app';

render(<App report={report} />, document.body);
