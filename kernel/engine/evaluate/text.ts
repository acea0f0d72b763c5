import { Choice } from '../../../stdlib/values/choice.ts';
import { isEstimate } from '../../../stdlib/values/estimate.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { ModelHandle } from '../../../stdlib/values/model.ts';

/** A value inside a text: numbers in their shortest form, lists with commas, a choice as its best option. */
export function textOf(value: unknown): string | Missing {
	if (typeof value === 'string') return value;
	if (value instanceof Missing) return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	if (value === null || value === undefined) return 'none';
	if (value instanceof Labelled) return textOf(value.value);
	if (value instanceof Choice) return value.best;
	if (value instanceof ModelHandle) return value.name;
	if (isEstimate(value)) return String(value.value ?? 'none');
	if (Array.isArray(value)) return listText(value);
	return JSON.stringify(value);
}

function listText(items: readonly unknown[]): string | Missing {
	const parts: string[] = [];
	for (const item of items) {
		const part = textOf(item);
		if (part instanceof Missing) return part;
		parts.push(part);
	}
	return parts.join(', ');
}

/** Joins the pieces of a text; the first missing one makes it missing. */
export function joinText(pieces: readonly unknown[]): string | Missing {
	let text = '';
	for (const piece of pieces) {
		const part = textOf(piece);
		if (part instanceof Missing) return part;
		text += part;
	}
	return text;
}
