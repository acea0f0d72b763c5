export interface Scale {
	/** Share of the axis, 0 to 1 within the range. */
	at(value: number): number;
	readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** Beyond this a tick is written as a power of ten. */
const MOST_DECIMALS = 6;

/** A linear scale over the values, with about `count` round ticks. */
export function linearScale(values: readonly number[], count: number): Scale {
	let [low, high] = extent(values);
	if (low === high) {
		const margin = Math.abs(low) * 0.1 || 1;
		[low, high] = [low - margin, high + margin];
	}
	const margin = (high - low) * 0.04;
	const [from, to] = [low - margin, high + margin];
	const step = roundStep((to - from) / count);
	const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
	const first = Math.ceil(from / step - 1e-9);
	const last = Math.floor(to / step + 1e-9);
	const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
		const value = (first + i) * step;
		const plain = Math.abs(value) < 10_000 && decimals <= MOST_DECIMALS;
		return { value, label: plain ? value.toFixed(decimals) : compact(value) };
	});
	return { at: (value) => (value - from) / (to - from), ticks };
}

/** A scale of powers: ticks at 1, and at 2 and 5 where the range is short. */
export function logScale(values: readonly number[], count: number): Scale {
	const [low, high] = extent(values.filter((value) => value > 0));
	const [a, b] = [Math.log10(low), Math.log10(high)];
	const margin = a === b ? 0.5 : (b - a) * 0.04;
	const [from, to] = [a - margin, b + margin];
	const within = (value: number): boolean => Math.log10(value) >= from && Math.log10(value) <= to;
	const decades = Array.from(
		{ length: Math.ceil(to) - Math.floor(from) + 1 },
		(_, i) => Math.floor(from) + i,
	);
	const every = (factors: readonly number[]): number[] =>
		decades.flatMap((d) => factors.map((f) => f * 10 ** d)).filter(within);
	const candidates = [[1, 2, 5], [1, 3], [1]].map(every).filter((ticks) => ticks.length <= count);
	const ticks = candidates[0] ?? every([1]).filter((_, i, all) => i % Math.ceil(all.length / count) === 0);
	return {
		at: (value) => (Math.log10(value) - from) / (to - from),
		ticks: ticks.map((value) => ({ value, label: compact(value) })),
	};
}

/** Names at equal distances, centred in their share. */
export const nameScale = (names: readonly string[]): ((name: string) => number) => {
	const places = new Map(names.map((name, i) => [name, (i + 0.5) / names.length]));
	return (name) => places.get(name) ?? 0;
};

function extent(values: readonly number[]): [number, number] {
	let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const value of values) {
		if (value < low) low = value;
		if (value > high) high = value;
	}
	return low <= high ? [low, high] : [0, 1];
}

function roundStep(step: number): number {
	const power = 10 ** Math.floor(Math.log10(step));
	const factor = step / power;
	return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
}

const UNITS = [
	[1e12, 'T'],
	[1e9, 'B'],
	[1e6, 'M'],
	[1e3, 'k'],
] as const;

/** 135M, 1.2k, 0.05, 2e-9 */
export function compact(value: number): string {
	if (Math.abs(value) >= 1e15) return Number(value.toPrecision(3)).toExponential();
	for (const [unit, name] of UNITS) {
		if (Math.abs(value) >= unit) return `${Number((value / unit).toPrecision(3))}${name}`;
	}
	return String(Number(value.toPrecision(3)));
}
