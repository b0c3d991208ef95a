import { watched } from './watched.js';
import { program } from './program.js';

watched(program).then(postMessage);
