import { type Html, html, trustedHtml } from '../../display/html.ts';
import type { LossPoint } from './loss-curve.ts';

const WIDTH = 360;
const HEIGHT = 90;
const LEFT = 58;
const BOTTOM = 16;
const TOP = 8;
const RIGHT = 8;
/** From this ratio of the largest loss to the smallest on, equal factors are equal heights. */
const LOG_FROM = 10;
const BLOCKS = '▁▂▃▄▅▆▇█';
const SPARKS = 24;

/** Where a loss stands between the smallest (0) and the largest (1). */
function heightOf(points: readonly LossPoint[]): (loss: number) => number {
	const losses = points.map(({ loss }) => loss);
	const [least, most] = [Math.min(...losses), Math.max(...losses)];
	const isLog = least > 0 && most / least >= LOG_FROM;
	const scale = isLog ? Math.log : (x: number): number => x;
	const span = scale(most) - scale(least);
	return (loss) => (span === 0 ? 0.5 : (scale(loss) - scale(least)) / span);
}

const FRAME = trustedHtml(`viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"`);
const LABEL = trustedHtml('font-size="10" font-family="sans-serif" fill="currentColor" opacity="0.75"');

/** The curve as a small picture in the page's own text colour; nothing before there are two points. @param of steps of the whole run */
export function lossFigure(points: readonly LossPoint[], of: number): Html | null {
	if (points.length < 2) return null;
	const height = heightOf(points);
	const x = (at: number): string => (LEFT + (at / Math.max(1, of)) * (WIDTH - LEFT - RIGHT)).toFixed(1);
	const y = (share: number): string => (TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
	const line = points.map(({ at, loss }) => `${x(at)},${y(height(loss))}`).join(' ');
	const losses = points.map(({ loss }) => loss);
	const label = (loss: number): Html =>
		html`<text x="${LEFT - 4}" y="${Number(y(height(loss))) + 3}" text-anchor="end" ${LABEL}>${loss.toPrecision(3)}</text>`;
	return html`<svg ${FRAME} role="img" aria-label="loss over ${of} steps" style="display:block"><path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}" fill="none" stroke="currentColor" opacity="0.4"/>${label(Math.max(...losses))}${label(Math.min(...losses))}<text x="${WIDTH - RIGHT}" y="${HEIGHT - 4}" text-anchor="end" ${LABEL}>${of} steps</text><polyline points="${line}" fill="none" stroke="#1f77b4" stroke-width="1.5"/></svg>`;
}

/** The curve as a line of blocks, for where there are no pictures. */
export function lossSparks(points: readonly LossPoint[]): string {
	if (points.length < 2) return '';
	const height = heightOf(points);
	const columns = Math.min(SPARKS, points.length);
	return Array.from({ length: columns }, (_, i) => {
		const from = Math.floor((i * points.length) / columns);
		const to = Math.floor(((i + 1) * points.length) / columns);
		const part = points.slice(from, to);
		const share = part.reduce((sum, { loss }) => sum + height(loss), 0) / part.length;
		return BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(share * BLOCKS.length))];
	}).join('');
}
