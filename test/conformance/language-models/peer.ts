import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Needed } from '../servers.ts';

const installed = fileURLToPath(new URL('../../../.venv-peers/bin/python', import.meta.url));

/** A Python that has Hugging Face's transformers and PyTorch: `ASSAY_PEER_PYTHON`, or what setup.sh has installed. */
export function transformersPython(): Needed<string> {
	const python = process.env.ASSAY_PEER_PYTHON ?? installed;
	const found = spawnSync(python, ['-c', 'import torch, transformers, tokenizers, safetensors']);
	if (found.status === 0) return { here: python };
	return {
		missing:
			"there is no Python with torch and transformers; with Debian's python3-torch, test/conformance/setup.sh makes one",
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
