import test from 'ava';
import {
	allCandidates,
	type Candidates,
	drawFromRest,
	drawToken,
} from '../../../../stdlib/models/lm/draw-token.ts';

const of = (...probabilities: number[]): Candidates =>
	allCandidates(Float32Array.from(probabilities, (probability) => Math.log(probability)));

const firstOf = (candidates: Candidates, count: number): Candidates => ({
	...candidates,
	ids: Array.from(candidates.ids).slice(0, count),
	whole: false,
});

const free = { temperature: 1, topP: 1, topK: null };
const four = of(0.1, 0.4, 0.3, 0.2);

test('a draw goes through the tokens from the likeliest on', (t) => {
	t.is(drawToken(four, free, 0), 1);
	t.is(drawToken(four, free, 0.39), 1);
	t.is(drawToken(four, free, 0.41), 2);
	t.is(drawToken(four, free, 0.71), 3);
	t.is(drawToken(four, free, 0.95), 0);
	t.is(drawToken(four, free, 1 - 2 ** -53), 0);
});

test('top_p keeps the smallest set of likeliest tokens with that probability, and draws within it', (t) => {
	const nucleus = { ...free, topP: 0.6 };
	t.is(drawToken(four, nucleus, 0.5), 1, '0.5 of 0.7 lies within the first 0.4');
	t.is(drawToken(four, nucleus, 0.999), 2, 'the third token is never drawn');
	t.is(drawToken(four, { ...free, topP: 0.39 }, 0.999), 1);
});

test('top_k keeps so many', (t) => {
	t.is(drawToken(four, { ...free, topK: 2 }, 0.999), 2);
	t.is(drawToken(four, { ...free, topK: 1 }, 0.999), 1);
	t.is(drawToken(four, { ...free, topK: 9 }, 0.95), 0);
});

test('top_p is a share of what top_k left', (t) => {
	// Of 0.4, 0.3 and 0.2, 0.4 and 0.3 are 7/9.
	t.is(drawToken(four, { ...free, topK: 3, topP: 0.77 }, 0.999), 2);
	t.is(drawToken(four, { ...free, topK: 3, topP: 0.79 }, 0.999), 3);
	t.is(drawToken(firstOf(four, 3), { ...free, topK: 3, topP: 0.77 }, 0.999), 2);
	t.is(drawToken(firstOf(four, 2), { ...free, topK: 3, topP: 0.5 }, 0.1), null);
});

test('temperature 0 takes the likeliest, the first of equal ones', (t) => {
	t.is(drawToken(of(0.3, 0.35, 0.35), { ...free, temperature: 0 }, 0.99), 1);
});

test('where the likeliest few do not tell, more are asked for', (t) => {
	const two = firstOf(four, 2);
	t.is(drawToken(two, free, 0.5), 2);
	t.is(drawToken(two, free, 0.75), null);
	t.is(drawToken(two, { ...free, topP: 0.65 }, 0.999), 2);
	t.is(drawToken(two, { ...free, topP: 0.8 }, 0.1), null);
	t.is(drawToken(two, { ...free, topK: 2 }, 0.999), 2);
	t.is(drawToken(two, { ...free, topK: 3 }, 0.1), null);
});

test('where all may be drawn, those that are not among the likeliest follow by their number', (t) => {
	const scaled = Float32Array.from([0.1, 0.4, 0.3, 0.2], Math.log);
	const two = firstOf(four, 2);
	t.is(drawFromRest(two, scaled, 0.75), 0);
	t.is(drawFromRest(two, scaled, 0.85), 3);
	t.is(drawFromRest(two, scaled, 1 - 2 ** -53), 3);
});
