import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Needed } from '../servers.ts';

/** A Python that has Hugging Face's transformers and PyTorch: `ASSAY_PEER_PYTHON`, or `python3`. */
export function transformersPython(): Needed<string> {
	const python = process.env.ASSAY_PEER_PYTHON ?? 'python3';
	const found = spawnSync(python, ['-c', 'import torch, transformers, tokenizers, safetensors']);
	if (found.status === 0) return { here: python };
	return {
		missing: `${python} has no torch with transformers; ASSAY_PEER_PYTHON names a Python that has`,
	};
}

/** What a Python script beside this file prints as JSON. */
export function askPeer<T>(python: string, script: string, args: readonly string[]): T {
	const path = fileURLToPath(new URL(script, import.meta.url));
	const { status, stdout, stderr } = spawnSync(python, [path, ...args], {
		encoding: 'utf8',
		maxBuffer: 2 ** 30,
		env: { ...process.env, TRANSFORMERS_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' },
	});
	if (status !== 0) throw new Error(`${script} failed: ${stderr.slice(-2000)}`);
	return JSON.parse(stdout) as T;
}
