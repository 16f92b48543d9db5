import report from '../../docs/accuracy.md?raw';
import { start } from '../ui/start';
import { App } from './app';

void start(<App report={report} />);
