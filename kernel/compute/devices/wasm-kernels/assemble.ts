import { readFileSync, writeFileSync } from 'node:fs';
import { requireHere } from '../../tfjs.ts';

/** The module of `loops.wat` as bytes. `node kernel/compute/devices/wasm-kernels/assemble.ts` writes it into `loops-module.ts`. */
export async function assembled(): Promise<Uint8Array> {
	const wabt = await (requireHere('wabt') as typeof import('wabt'))();
	const module = wabt.parseWat('loops.wat', readFileSync(new URL('./loops.wat', import.meta.url), 'utf8'));
	try {
		return module.toBinary({}).buffer;
	} finally {
		module.destroy();
	}
}

if (import.meta.main) {
	const text = Buffer.from(await assembled()).toString('base64');
	const lines = text.match(/.{1,100}/g) ?? [];
	writeFileSync(
		new URL('./loops-module.ts', import.meta.url),
		`// Made of loops.wat by assemble.ts.\nexport const LOOPS_MODULE =\n${lines.map((line) => `\t'${line}'`).join(' +\n')};\n`,
	);
}
