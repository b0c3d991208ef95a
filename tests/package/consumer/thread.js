import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { program } from './program.js';

if (isMainThread) {
  new Worker(fileURLToPath(import.meta.url)).on('message', (came) => console.log(JSON.stringify(came)));
} else {
  parentPort.postMessage(await program());
}
