/** What of a BBQ item says whom the stereotype is about. */
export interface TargetFacts {
	readonly category: string;
	/** Text and group tag of each answer, as in `answer_info`. */
	readonly answers: readonly { readonly text: string; readonly group: string }[];
	readonly stereotypedGroups: readonly string[];
}

const INTERSECTIONAL = /_x_/;

/**
 * Index of the answer that names the stereotyped group, or null when there is none, or two. Tags are compared whole,
 * since "old" is in "nonOld" and "African" in "African American". Disability's tag is "disabled" whatever the group is
 * called; Nationality also goes by the answer's text; Race and Gender tags carry a prefix or a synonym. Intersectional
 * categories have two groups at once, which an item does not say, and get no target.
 * After the metadata script of Parrish et al. 2022 (BBQ).
 */
export function targetIndex(facts: TargetFacts): number | null {
	if (INTERSECTIONAL.test(facts.category)) return null;
	const groups = new Set(
		facts.category === 'Disability_status' ? ['disabled'] : facts.stereotypedGroups.map(groupName),
	);
	const matches = facts.answers.flatMap(({ text, group }, i) => {
		const named =
			groups.has(groupName(group)) || (facts.category === 'Nationality' && groups.has(groupName(text)));
		return named && group !== 'unknown' ? [i] : [];
	});
	return matches.length === 1 ? (matches[0] as number) : null;
}

const SYNONYMS: Readonly<Record<string, string>> = {
	man: 'm',
	men: 'm',
	boy: 'm',
	woman: 'f',
	women: 'f',
	girl: 'f',
	girls: 'f',
	'transgender women': 'trans',
	'transgender men': 'trans',
	trans_f: 'trans',
	trans_m: 'trans',
	'low ses': 'lowses',
	'high ses': 'highses',
};

function groupName(tag: string): string {
	const plain = tag
		.toLowerCase()
		.replace(/[{}]/g, '')
		.trim()
		.replace(/^[mf]-/, '');
	return SYNONYMS[plain] ?? plain;
}
