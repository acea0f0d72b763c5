import { TrainedModel } from '../../stdlib/training/trained-model.ts';
import { Data, type Provenance } from '../../stdlib/values/data.ts';
import { Labelled } from '../../stdlib/values/labelled.ts';
import { ModelHandle } from '../../stdlib/values/model.ts';
import { isTable } from '../../stdlib/values/table.ts';

/** What a result goes back to, gathered along the plan: it is shown beside the result. */
export interface Origins {
	/** Names of models, in the order in which the plan reaches them. */
	readonly models: readonly string[];
	/** Data sets and models as provenance: what an eval says of itself where it is used as data. */
	readonly sources: readonly Provenance[];
	/** Sentences that must be shown: simulated responder, tiny model, stand-in data, budget met. */
	readonly notices: readonly string[];
	/** Rows of the evals and data sets that it was computed from; null when there are none. */
	readonly rows: number | null;
	/** Milliseconds since 1970 when the last of the steps behind it was computed. */
	readonly at: number;
}

export const NO_ORIGINS: Origins = { models: [], sources: [], notices: [], rows: null, at: 0 };

export function mergeOrigins(all: Iterable<Origins>): Origins {
	const models = new Set<string>();
	const sources = new Map<string, Provenance>();
	const notices = new Set<string>();
	let rows: number | null = null;
	let at = 0;
	for (const origins of all) {
		for (const model of origins.models) models.add(model);
		for (const source of origins.sources) sources.set(JSON.stringify(source), source);
		for (const notice of origins.notices) notices.add(notice);
		if (origins.rows !== null) rows = Math.max(rows ?? 0, origins.rows);
		at = Math.max(at, origins.at);
	}
	return { models: [...models], sources: [...sources.values()], notices: [...notices], rows, at };
}

/** What a value itself brings: the models in it, a data set's notices. */
export function originsOf(value: unknown, at: number): Origins {
	if (value instanceof TrainedModel) return trainedOrigins(value, at);
	if (isSplit(value)) return mergeOrigins(Object.values(value).map((part) => originsOf(part, at)));
	const handles = handlesIn(value);
	const sources = value instanceof Data ? value.provenance : handles.map(modelSource);
	const notices = sources.map(({ notice }) => notice).filter((notice) => notice !== null);
	return {
		models: handles.map(({ name }) => name),
		sources,
		notices: isTable(value) ? value.notices : notices,
		rows: value instanceof Data ? value.length : null,
		at,
	};
}

/** A data set in parts, such as `{train, test}`. */
const isSplit = (value: unknown): value is Readonly<Record<string, Data>> =>
	typeof value === 'object' &&
	value !== null &&
	Object.getPrototypeOf(value) === Object.prototype &&
	Object.keys(value).length > 0 &&
	Object.values(value).every((part) => part instanceof Data);

/** A model of this study: what it is, and what must be said of it. */
function trainedOrigins({ name, architecture, parameters, notices }: TrainedModel, at: number): Origins {
	const size = parameters.toLocaleString('en-US');
	const shown = `${name} (${architecture.family}, ${size} parameters, trained in this study)`;
	const sources = [null, ...notices].map((notice) => ({ name: shown, source: 'this study', notice }));
	return { ...NO_ORIGINS, models: [shown], sources, notices, at };
}

const modelSource = ({ name, provider }: ModelHandle): Provenance => ({
	name,
	source: `model of ${provider.identity.provider}`,
	notice: provider.notice,
});

/** What an eval says of itself: its data and models, and what else must be said, such as a budget that was met. */
export function provenanceOf(origins: Origins, name: string): Provenance[] {
	const said = new Set(origins.sources.map(({ notice }) => notice));
	const rest = origins.notices.filter((notice) => !said.has(notice));
	return [...origins.sources, ...rest.map((notice) => ({ name, source: 'this study', notice }))];
}

/** Models in a value: itself, or in its lists, records and labels. */
export function handlesIn(value: unknown): ModelHandle[] {
	if (value instanceof ModelHandle) return [value];
	if (value instanceof Labelled) return handlesIn(value.value);
	if (Array.isArray(value)) return value.flatMap(handlesIn);
	if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
		return [];
	return Object.values(value).flatMap(handlesIn);
}
