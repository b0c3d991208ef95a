/** Other programs, to their end. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const start = promisify(execFile);

/** What a program writes. Fails with all of that when the program says that it failed. */
export async function run(program: string, values: string[], folder: string): Promise<string> {
  try {
    const { stdout } = await start(program, values, { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${values.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

/** A program of one of the npm packages that the tests use, run by this Node.js. */
export function tool(name: string, values: string[], folder: string): Promise<string> {
  return run(process.execPath, [`${ROOT}node_modules/.bin/${name}`, ...values], folder);
}
