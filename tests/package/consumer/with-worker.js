import { watched } from './watched.js';

const inWorker = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message ?? 'the worker did not load'));
  });

globalThis.outcome = watched(inWorker).then(({ came, violations }) => ({
  came: came.came ?? came,
  violations: [...violations, ...(came.violations ?? [])],
}));
