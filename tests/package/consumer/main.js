import { watched } from './watched.js';
import { program } from './program.js';

globalThis.outcome = watched(program);
