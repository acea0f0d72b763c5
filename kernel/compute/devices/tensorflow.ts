import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import { completeKernels } from '../composed/register.ts';
import { requireHere } from '../tfjs.ts';
import type { Availability, Device, DeviceName } from './device.ts';

/** TensorFlow's own library, where the user has installed it: its install downloads, so it is never a dependency. */
function tensorflow(name: DeviceName, packageName: string, says: string): Device {
	return {
		name,
		probe: async () => probe(packageName, says),
		open: async (tf) => {
			restoreNodeFunctions();
			load(packageName);
			completeKernels(tf, 'tensorflow');
			return 'tensorflow';
		},
	};
}

export const cuda = tensorflow('cuda', '@tensorflow/tfjs-node-gpu', 'TensorFlow on an NVIDIA GPU');
export const native = tensorflow('native', '@tensorflow/tfjs-node', 'TensorFlow on the CPU');

function probe(packageName: string, says: string): Availability {
	const help = `npm install ${packageName}@4.22.0 (its install downloads TensorFlow from Google's storage).`;
	if (!whereIs(packageName)) return { usable: false, says: `${packageName} is not installed`, help };
	try {
		restoreNodeFunctions();
		load(packageName);
		return { usable: true, automatic: true, says };
	} catch (error) {
		const why = error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
		return { usable: false, says: `${packageName} does not load: ${why}`, help };
	}
}

const load = (packageName: string): unknown => whereIs(packageName)?.(packageName);

/** Beside this package or in the user's project. A stand-in of that name, which danfojs brings, does not count. */
function whereIs(packageName: string): NodeJS.Require | null {
	for (const require of [createRequire(join(process.cwd(), 'package.json')), requireHere]) {
		try {
			const file = require.resolve(`${packageName}/package.json`);
			const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name: string };
			if (name === packageName) return require;
		} catch {
			// Not from here; the other place is tried, and a probe says when neither has it.
		}
	}
	return null;
}

/** tfjs-node calls what Node 23 took away. */
function restoreNodeFunctions(): void {
	const old = util as unknown as Record<string, unknown>;
	old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
	old.isArray ??= Array.isArray;
}
