import { UserError } from '../define.ts';

/** The word when it is one of those that the argument may be; a `UserError` otherwise. */
export function oneOf<T extends string>(word: string, words: readonly T[], argument: string): T {
	const found = words.find((each) => each === word);
	if (found) return found;
	throw new UserError(
		`${argument} must be ${words.map((each) => `"${each}"`).join(' or ')}, found "${word}"`,
	);
}
