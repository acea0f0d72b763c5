import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import type { WebgpuFindings } from './webgpu-checks.ts';

/** The GPU that Debian's Chromium simulates. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const LOADERS = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/libvulkan.so.1`);
const there = existsSync(SWIFTSHADER) && LOADERS.some((path) => existsSync(path));

const needed = there || process.env.CI === 'true';
const title = 'webgpu computes the list of kernels as cpu does, learns, leaks nothing and reports errors';

(needed ? test : test.skip)(
	needed ? title : `${title} (needs Debian's chromium and libvulkan1)`,
	async (t) => {
		t.timeout(300_000);
		const script = fileURLToPath(new URL('webgpu-checks.ts', import.meta.url));
		const { stdout } = await promisify(execFile)(process.execPath, [script], {
			env: { ...process.env, VK_DRIVER_FILES: SWIFTSHADER },
			maxBuffer: 2 ** 24,
		});
		const found = JSON.parse(stdout.trim().split('\n').at(-1) as string) as WebgpuFindings;
		t.deepEqual(found.wrongKernels, []);
		for (const [i, loss] of found.cpuLosses.entries())
			t.true(Math.abs((found.gpuLosses[i] as number) - loss) < 1e-4, `step ${i}: cpu ${loss}`);
		t.is(found.leakedTensors, 0);
		t.regex(
			found.tooLarge ?? '',
			/out of memory: BatchMatMul asked for 13\.4 GiB, a tensor on this GPU has .* at most/,
		);
		t.deepEqual(found.afterwards, [2]);
	},
);
