import { existsSync, statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { standardLibrary } from '../../stdlib/index.ts';
import { findRuntime } from '../../stdlib/models/llama-runtime.ts';
import { KNOWN_MODELS } from '../../stdlib/models/model-files.ts';
import { listModels } from '../../stdlib/models/pull.ts';
import { paint } from '../display/paint.ts';
import { publishedPrices } from '../engine/calls/prices.ts';
import { openStore } from '../engine/store/store.ts';
import { type Action, EXIT, flag } from './command.ts';
import { version } from './version.ts';

/** One thing that was looked at. `missing` says what cannot be done without it, and how to get it. */
interface Finding {
	readonly what: string;
	readonly state: 'good' | 'missing' | 'bad';
	readonly says: string;
}

export const doctor: Action = async (invocation) => {
	const findings = [
		runtime(),
		machine(),
		store(),
		...keys(),
		llama(),
		...models(),
		...(await devices()),
		data(),
		prices(),
	];
	const { out, color } = invocation.terminal;
	if (flag(invocation, 'json')) out.write(`${JSON.stringify(findings, null, 2)}\n`);
	else {
		const colors = paint(color);
		const signs = { good: colors.good('✓'), missing: colors.dim('·'), bad: colors.error('✗') };
		for (const { what, state, says } of findings) out.write(`${signs[state]} ${what.padEnd(18)} ${says}\n`);
	}
	return findings.some(({ state }) => state === 'bad') ? EXIT.unavailable : EXIT.done;
};

const runtime = (): Finding => ({
	what: 'assay',
	state: 'good',
	says: `${version} on Node ${process.version}, ${standardLibrary.functions.size} library functions`,
});

const machine = (): Finding => ({
	what: 'machine',
	state: 'good',
	says: `${process.platform} ${process.arch}, ${availableParallelism()} processors, ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory`,
});

function store(): Finding {
	const path = '.assay/store.db';
	if (!existsSync(path))
		return {
			what: 'store',
			state: 'good',
			says: 'none in this folder yet; a run makes .assay/store.db beside the study',
		};
	try {
		const opened = openStore(path, { readOnly: true });
		const { calls, steps } = opened.stats();
		opened.close();
		return {
			what: 'store',
			state: 'good',
			says: `${path}: ${calls} calls, ${steps} finished steps, ${(statSync(path).size / 1e6).toFixed(1)} MB`,
		};
	} catch (error) {
		return { what: 'store', state: 'bad', says: error instanceof Error ? error.message : String(error) };
	}
}

/** Whether a key is there; never what it is. */
function keys(): Finding[] {
	return (['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'] as const).map((name) => {
		const there = Boolean(process.env[name]);
		return {
			what: name,
			state: there ? 'good' : 'missing',
			says: there ? 'set' : `not set; needed by ${name.startsWith('OPEN') ? 'openai' : 'anthropic'}(…) only`,
		};
	});
}

function llama(): Finding {
	const found = findRuntime();
	return found
		? { what: 'llama.cpp', state: 'good', says: `node-llama-cpp in ${found}` }
		: {
				what: 'llama.cpp',
				state: 'missing',
				says: `not here; needed by gguf(…): assay models pull ${KNOWN_MODELS[0]?.name} installs it`,
			};
}

function models(): Finding[] {
	const here = listModels();
	if (here.length === 0)
		return [
			{ what: 'models', state: 'missing', says: `none here; assay models pull ${KNOWN_MODELS[0]?.name}` },
		];
	return here.map((model) => ({
		what: 'model',
		state: 'good',
		says: `${model.name}, ${(model.bytes / 1e6).toFixed(0)} MB`,
	}));
}

/** Where tensors can be computed, how fast, and what the others lack. */
async function devices(): Promise<Finding[]> {
	const { measureDevice, surveyDevices } = await import('../compute/index.ts');
	const findings: Finding[] = [];
	for (const { name, availability } of await surveyDevices()) {
		const what = `device ${name}`;
		if (!availability.usable) {
			findings.push({ what, state: 'missing', says: `${availability.says}. ${availability.help}` });
			continue;
		}
		try {
			const { productGflops, convolutionGflops } = await measureDevice(name);
			const speeds = `matrix product ${gflops(productGflops)}, convolution ${gflops(convolutionGflops)} GFLOP/s`;
			findings.push({ what, state: 'good', says: `${availability.says}; ${speeds}` });
		} catch (error) {
			findings.push({ what, state: 'bad', says: error instanceof Error ? error.message : String(error) });
		}
	}
	return findings;
}

const gflops = (x: number): string => (x < 10 ? x.toPrecision(2) : x.toFixed(0));

function data(): Finding {
	const folder = process.env.ASSAY_DATA;
	if (!folder)
		return {
			what: 'ASSAY_DATA',
			state: 'missing',
			says: 'not set; published data sets are downloaded once when a study names them',
		};
	return existsSync(folder)
		? { what: 'ASSAY_DATA', state: 'good', says: folder }
		: { what: 'ASSAY_DATA', state: 'bad', says: `${folder} does not exist` };
}

const prices = (): Finding => ({
	what: 'prices',
	state: 'good',
	says: `list prices as of ${publishedPrices.asOf}; .assay/prices.json or ASSAY_PRICES overrides`,
});
