import { UserError } from '../../define.ts';
import { IDENTIFIER } from './cell-type.ts';

/** Names of fields for the keys or headers of a file: `choice 0` is `choice_0`, an empty one is `column_3`. */
export function fieldNames(keys: readonly string[]): string[] {
	const names = keys.map((key, i) => {
		if (IDENTIFIER.test(key)) return key;
		const word = key
			.trim()
			.replace(/\W+/g, '_')
			.replace(/^_+|_+$/g, '');
		if (word === '') return `column_${i + 1}`;
		return /^\d/.test(word) ? `_${word}` : word;
	});
	const twice = names.find((name, i) => names.indexOf(name) !== i);
	if (twice === undefined) return names;
	throw new UserError(`two columns of the file would be called "${twice}"`, 'rename one of them in the file');
}
