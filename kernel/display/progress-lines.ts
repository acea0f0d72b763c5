import { showDuration } from '../engine/duration.ts';
import type { RunEvent } from '../engine/events.ts';
import { compactCount, count, counted, dollars } from './amounts.ts';
import type { Paint } from './paint.ts';
import { displayWidth, printable } from './printable.ts';
import type { ProgressTally, StepProgress } from './progress-tally.ts';
import { clipText, padText } from './text-fit.ts';

/** The text cut to a width, which may be none at all. */
const clip = (text: string, width: number): string => (width > 0 ? clipText(text, width) : '');

/** `  answers.choice  ━━━━━━────────  1,234/6,000  2 failed`, never wider than `columns`. */
export function stepLine(step: StepProgress, nameWidth: number, columns: number, colors: Paint): string {
	const name = padText(clip(printable(step.id), nameWidth), nameWidth);
	const amount = step.total === null ? count(step.done) : `${count(step.done)}/${count(step.total)}`;
	const failed = step.failed > 0 ? `  ${count(step.failed)} failed` : '';
	const note = noteOf(step, columns - 2 - nameWidth - 2 - displayWidth(amount) - failed.length);
	const left = columns - 2 - nameWidth - 2 - displayWidth(amount) - failed.length - displayWidth(note);
	const bar =
		step.total === null || step.total === 0 || left < 6
			? ''
			: `${progressBar(step.done / step.total, Math.min(24, left - 2), colors)}  `;
	return `  ${name}  ${bar}${clip(amount, Math.max(0, columns - 4 - nameWidth))}${left < 0 ? '' : colors.error(failed)}${colors.dim(note)}`;
}

/** A training run's loss and throughput, where there is room for a bar beside it. */
const noteOf = ({ note }: StepProgress, room: number): string =>
	note !== null && displayWidth(note) + 16 <= room ? `  ${note}` : '';

function progressBar(fraction: number, width: number, colors: Paint): string {
	const full = Math.round(Math.max(0, Math.min(1, fraction)) * width);
	return colors.accent('━'.repeat(full)) + colors.dim('─'.repeat(width - full));
}

/** Steps are shown with names of one width, so that their bars stand under each other. */
export const nameWidthFor = (ids: Iterable<string>, columns: number): number =>
	Math.min(Math.floor(columns * 0.4), Math.max(0, ...Array.from(ids, (id) => displayWidth(printable(id)))));

/** Steps that count no rows: tables and figures can take their time. */
export function toGoLine(ids: ReadonlySet<string>, columns: number, colors: Paint): string {
	const names = Array.from(ids, (id) => printable(id)).join(', ');
	return colors.dim(clip(`  ${counted(ids.size, 'step')} to go: ${names}`, columns));
}

/** Prompts, parameters and the like are done at once and have nothing to count. */
export const isWorthALine = ({
	rows,
	failed,
	seconds,
}: Extract<RunEvent, { type: 'step-finished' }>): boolean => rows !== null || failed > 0 || seconds >= 0.1;

/** What a finished step leaves. */
export function finishedLine(
	event: Extract<RunEvent, { type: 'step-finished' }>,
	nameWidth: number,
	columns: number,
	colors: Paint,
): string {
	const rows = event.rows === null ? '' : counted(event.rows, 'row');
	const parts = [rows, event.kept ? 'kept' : event.seconds >= 0.1 ? showDuration(event.seconds) : ''];
	const said = parts.filter((part) => part !== '').join(', ');
	const failed = event.failed > 0 ? `  ${count(event.failed)} failed` : '';
	const name = padText(clip(printable(event.step), nameWidth), nameWidth);
	const room = columns - 4 - nameWidth;
	const mark = event.failed > 0 ? colors.warning('!') : colors.good('✓');
	return `${mark} ${name}  ${colors.dim(clip(said, Math.max(0, room - failed.length)))}${colors.error(clip(failed, room))}`.trimEnd();
}

interface StatusItem {
	readonly text: string;
	/** Items with the largest numbers go first when the line is too narrow. */
	readonly rank: number;
	readonly color?: (text: string) => string;
}

/** What the server said last, while it matters: on a line of its own, or it would push the numbers out. */
export function noteLine(note: string, columns: number, colors: Paint): string {
	return colors.warning(clip(`  ${printable(note)}`, columns));
}

/** Calls, money, rate, time left: as much of it as fits into one line. */
export function statusLine(tally: ProgressTally, columns: number, colors: Paint): string {
	let items = statusItems(tally, colors);
	const width = (): number =>
		2 + items.reduce((sum, { text }) => sum + displayWidth(text), 0) + 3 * (items.length - 1);
	while (items.length > 1 && width() > columns) {
		const last = Math.max(...items.map(({ rank }) => rank));
		items = items.filter(({ rank }) => rank !== last);
	}
	const shown = items.map(({ text, color }) => (color ?? colors.dim)(clip(text, columns - 2)));
	return `  ${shown.join(colors.dim(' · '))}`.trimEnd();
}

function statusItems(tally: ProgressTally, colors: Paint): StatusItem[] {
	const perSecond = tally.callPace.perSecond;
	const tokensPerSecond = tally.tokenPace.perSecond;
	const left = tally.secondsLeft;
	const asked = tally.calls + tally.cached + tally.shared;
	const items: (StatusItem | null)[] = [
		asked > 0 ? { text: counted(tally.calls, 'call'), rank: 0 } : null,
		tally.cached > 0 ? { text: `${count(tally.cached)} kept`, rank: 7 } : null,
		tally.shared > 0 ? { text: `${count(tally.shared)} shared`, rank: 8 } : null,
		tally.failed > 0 ? { text: `${count(tally.failed)} failed`, rank: 1, color: colors.error } : null,
		tally.tokens > 0 ? { text: `${compactCount(tally.tokens)} tokens`, rank: 6 } : null,
		tally.calls > 0 ? { text: moneyOf(tally), rank: 2 } : null,
		perSecond !== null && perSecond > 0 ? { text: `${rate(perSecond)} calls/s`, rank: 5 } : null,
		tokensPerSecond !== null && tokensPerSecond > 0
			? { text: `${compactCount(tokensPerSecond)} tokens/s`, rank: 9 }
			: null,
		left !== null ? { text: `${showDuration(Math.max(1, Math.round(left)))} left`, rank: 3 } : null,
		tally.retries > 0 ? { text: counted(tally.retries, 'retry', 'retries'), rank: 10 } : null,
	];
	return items.filter((item) => item !== null);
}

const rate = (perSecond: number): string => (perSecond < 10 ? perSecond.toFixed(1) : compactCount(perSecond));

const moneyOf = ({ usd, unpriced }: ProgressTally): string =>
	unpriced === 0 ? dollars(usd) : usd === 0 ? 'price unknown' : `over ${dollars(usd)}`;
