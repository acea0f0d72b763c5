import { bundleText, type CodeCell, type NotebookDocument, type NotebookOutput } from '../document.ts';
import { isPicture, pictureDifference } from './compare-pictures.ts';
import { lineDifferences, sameText, withoutDurations } from './compare-text.ts';
import { valueDifferences } from './compare-values.ts';

export interface Difference {
	/** Number of the code cell, from 1. */
	readonly cell: number;
	/** What differs: `what it prints`, `output 2, a figure` … */
	readonly what: string;
	/** How, in a line or a few. */
	readonly lines: readonly string[];
}

export interface Comparison {
	/** Outputs that were looked at. */
	readonly outputs: number;
	readonly differences: readonly Difference[];
}

const PLOTLY = 'application/vnd.plotly.v1+json';

/** The default of how far numbers may be apart, relative to the larger. */
export const TOLERANCE = 1e-6;

/**
 * Compares what two runs of a notebook show, cell by cell. Left out is what may differ from run to run: stderr, displays
 * that are marked as volatile, such as progress, and durations in what a cell prints.
 */
export function compareNotebooks(
	packed: NotebookDocument,
	now: NotebookDocument,
	tolerance = TOLERANCE,
): Comparison {
	const cellsNow = codeCells(now);
	const differences: Difference[] = [];
	let outputs = 0;
	codeCells(packed).forEach((before, i) => {
		const [was, is] = [shownBy(before), shownBy(cellsNow[i])];
		outputs += was.displays.length + (was.printed === '' ? 0 : 1);
		const add = (what: string, lines: readonly string[]): void => {
			if (lines.length > 0) differences.push({ cell: i + 1, what, lines });
		};
		add('what it prints', lineDifferences(was.printed, is.printed, tolerance));
		if (was.displays.length !== is.displays.length)
			add('its outputs', [`${was.displays.length} were packed, ${is.displays.length} came now`]);
		else
			was.displays.forEach((display, at) => {
				const { what, lines } = displayDifference(display, is.displays[at] as Bundle, tolerance);
				add(`output ${at + 1}, ${what}`, lines);
			});
	});
	return { outputs, differences };
}

const codeCells = ({ cells }: NotebookDocument): CodeCell[] =>
	cells.filter((cell) => cell.cell_type === 'code');

type Bundle = Readonly<Record<string, unknown>>;

interface Shown {
	/** All of stdout; where it stands among displays depends on when it was flushed. */
	readonly printed: string;
	readonly displays: readonly Bundle[];
}

function shownBy(cell: CodeCell | undefined): Shown {
	const outputs = cell?.outputs ?? [];
	const printed = outputs.map((output) =>
		output.output_type === 'stream' && output.name === 'stdout' ? output.text : '',
	);
	return { printed: withoutDurations(printed.join('')), displays: outputs.flatMap(bundleOf) };
}

function bundleOf(output: NotebookOutput): Bundle[] {
	if (output.output_type === 'stream') return [];
	if (output.output_type === 'error') return [{ 'text/plain': `${output.ename}: ${output.evalue}` }];
	const { volatile } = (output.metadata.assay ?? {}) as { volatile?: unknown };
	return volatile === true ? [] : [output.data];
}

/** In the form that says most: values of a figure, pixels, then texts. */
function displayDifference(
	packed: Bundle,
	now: Bundle,
	tolerance: number,
): { readonly what: string; readonly lines: readonly string[] } {
	const both = (type: string): boolean => type in packed && type in now;
	if (both(PLOTLY))
		return {
			what: 'a figure',
			lines: valueDifferences(drawn(packed[PLOTLY]), drawn(now[PLOTLY]), tolerance),
		};
	const picture = Object.keys(packed).find((type) => isPicture(type) && type in now);
	if (picture !== undefined) {
		const [a = '', b = ''] = [packed, now].map((each) => bundleText(each[picture]).replace(/\s/g, ''));
		const difference = pictureDifference(picture, a, b);
		return { what: 'a picture', lines: difference === null ? [] : [difference] };
	}
	const types = (bundle: Bundle): string => Object.keys(bundle).sort().join(', ');
	if (types(packed) !== types(now))
		return { what: 'another kind', lines: [`- ${types(packed)}`, `+ ${types(now)}`] };
	const differing = Object.keys(packed).filter(
		(type) => !sameText(bundleText(packed[type]), bundleText(now[type]), tolerance),
	);
	const [type] = differing.includes('text/plain') ? ['text/plain'] : differing;
	if (type === undefined) return { what: '', lines: [] };
	const lines = lineDifferences(bundleText(packed[type]), bundleText(now[type]), tolerance);
	return { what: type, lines };
}

/** What a figure shows; how it reacts to a mouse is not compared. */
const drawn = (specification: unknown): unknown => {
	const { data, layout } = (specification ?? {}) as { data?: unknown; layout?: unknown };
	return { data, layout };
};
