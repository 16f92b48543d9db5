import { start } from '../ui/start';
import { App } from './app';

void start(<App />);
