import { type MMLU, mmluRow } from './row.ts';

/** Question, the right choice, three wrong ones. */
type Item = readonly [question: string, right: string, ...wrong: [string, string, string]];

const ANATOMY: readonly Item[] = [
	['Which organ pumps blood through the body?', 'The heart', 'The liver', 'The spleen', 'The pancreas'],
	['How many chambers does the human heart have?', 'Four', 'Two', 'Three', 'Six'],
	['Which bone is the longest in the human body?', 'The femur', 'The humerus', 'The tibia', 'The radius'],
	[
		'Which part of the eye controls how much light enters?',
		'The iris',
		'The retina',
		'The cornea',
		'The optic nerve',
	],
	[
		'In which organ does most absorption of nutrients take place?',
		'The small intestine',
		'The stomach',
		'The large intestine',
		'The gullet',
	],
	[
		'Which bones protect the heart and the lungs?',
		'The ribs',
		'The pelvis',
		'The skull',
		'The shoulder blades',
	],
	[
		'Which muscle does most of the work of quiet breathing?',
		'The diaphragm',
		'The biceps',
		'The deltoid',
		'The trapezius',
	],
	['What connects a muscle to a bone?', 'A tendon', 'A ligament', 'A nerve', 'A vein'],
	['What connects one bone to another at a joint?', 'A ligament', 'A tendon', 'An artery', 'A gland'],
	['Which organ makes urine?', 'The kidney', 'The bladder', 'The liver', 'The lung'],
	[
		'Which vessel carries blood from the left ventricle to the body?',
		'The aorta',
		'The vena cava',
		'The pulmonary vein',
		'The portal vein',
	],
	[
		'Which part of the brain coordinates balance and fine movement?',
		'The cerebellum',
		'The frontal lobe',
		'The occipital lobe',
		'The hypothalamus',
	],
	['Which organ makes insulin?', 'The pancreas', 'The thyroid', 'The kidney', 'The gall bladder'],
	[
		'Where are red blood cells made in an adult?',
		'In the bone marrow',
		'In the heart',
		'In the lungs',
		'In the skin',
	],
	['How many pairs of ribs does a human usually have?', 'Twelve', 'Ten', 'Eleven', 'Fourteen'],
	['Which organ stores bile?', 'The gall bladder', 'The spleen', 'The stomach', 'The appendix'],
	[
		'What is the outermost layer of the skin called?',
		'The epidermis',
		'The dermis',
		'The endoderm',
		'The periosteum',
	],
	['Which bone is also called the collarbone?', 'The clavicle', 'The sternum', 'The scapula', 'The patella'],
	['Which bone covers the front of the knee?', 'The patella', 'The fibula', 'The talus', 'The ulna'],
	[
		'In which part of the ear are the smallest bones of the body?',
		'The middle ear',
		'The outer ear',
		'The cochlea',
		'The ear canal',
	],
	[
		'Which nerve carries signals from the eye to the brain?',
		'The optic nerve',
		'The facial nerve',
		'The vagus nerve',
		'The sciatic nerve',
	],
	[
		'Where does gas exchange take place in the lungs?',
		'In the alveoli',
		'In the bronchi',
		'In the trachea',
		'In the pleura',
	],
	['What closes the windpipe during swallowing?', 'The epiglottis', 'The uvula', 'The tonsils', 'The tongue'],
	[
		'Which gland is called the master gland of hormones?',
		'The pituitary gland',
		'The adrenal gland',
		'The thymus',
		'The parathyroid gland',
	],
	['Which of these is part of the upper arm?', 'The humerus', 'The femur', 'The tibia', 'The fibula'],
];

const ASTRONOMY: readonly Item[] = [
	['Which planet is nearest to the Sun?', 'Mercury', 'Venus', 'Earth', 'Mars'],
	['Which planet is the largest in the Solar System?', 'Jupiter', 'Saturn', 'Neptune', 'Earth'],
	['What is the Sun mostly made of?', 'Hydrogen', 'Oxygen', 'Iron', 'Carbon'],
	['Which body causes most of the tides on Earth?', 'The Moon', 'Mars', 'Jupiter', 'Venus'],
	['What keeps the planets in their orbits?', 'Gravity', 'Magnetism', 'Friction', 'The solar wind'],
	[
		'About how long does light take from the Sun to the Earth?',
		'Eight minutes',
		'Eight seconds',
		'Eight hours',
		'Eight days',
	],
	['Which planet is best known for its bright, broad rings?', 'Saturn', 'Mars', 'Mercury', 'Venus'],
	['What is a light year a measure of?', 'Distance', 'Time', 'Brightness', 'Mass'],
	[
		'Which galaxy contains the Solar System?',
		'The Milky Way',
		'The Andromeda galaxy',
		'The Whirlpool galaxy',
		'The Sombrero galaxy',
	],
	[
		'What causes the seasons on Earth?',
		"The tilt of the Earth's axis",
		'The distance to the Sun',
		'The phases of the Moon',
		'The rotation of the Sun',
	],
	['Which planet is called the red planet?', 'Mars', 'Jupiter', 'Uranus', 'Mercury'],
	[
		'What stands between the Sun and the Earth in a solar eclipse?',
		'The Moon',
		'Venus',
		'A comet',
		'Jupiter',
	],
	['Which planet has the hottest surface?', 'Venus', 'Mercury', 'Mars', 'Neptune'],
	[
		'Between which two planets is the main asteroid belt?',
		'Mars and Jupiter',
		'Earth and Mars',
		'Jupiter and Saturn',
		'Venus and Earth',
	],
	[
		'What is left when a very massive star collapses so far that light cannot escape?',
		'A black hole',
		'A white dwarf',
		'A red giant',
		'A nebula',
	],
	[
		'By what process does the Sun make its energy?',
		'Nuclear fusion',
		'Nuclear fission',
		'Combustion',
		'Radioactive decay',
	],
	['Which colour do the hottest stars have?', 'Blue', 'Red', 'Orange', 'Yellow'],
	[
		'Who first published observations of four moons of Jupiter made with a telescope?',
		'Galileo Galilei',
		'Isaac Newton',
		'Nicolaus Copernicus',
		'Tycho Brahe',
	],
	['What is the tail of a comet made of?', 'Gas and dust', 'Fire', 'Liquid water', 'Molten rock'],
	['Which dwarf planet was counted as the ninth planet until 2006?', 'Pluto', 'Ceres', 'Eris', 'Haumea'],
	['About how long does the Earth take to go round the Sun?', '365 days', '24 hours', '28 days', '10 years'],
	[
		'Which phase does the Moon have when its whole near side is lit?',
		'Full moon',
		'New moon',
		'First quarter',
		'Crescent',
	],
	[
		'In which direction do stars seem to cross the sky during a night?',
		'From east to west',
		'From west to east',
		'From north to south',
		'From south to north',
	],
	['How many planets does the Solar System have?', 'Eight', 'Seven', 'Nine', 'Twelve'],
	[
		'What is a meteor?',
		'A streak of light from a grain burning in the air',
		'A small planet',
		'A distant star',
		'A moon of Mars',
	],
];

/** As in the published set, the first five of a subject are for showing the format, the others for testing. */
const DEV = 5;

export const MINIATURE_SUBJECTS: readonly string[] = ['anatomy', 'astronomy'];

/** Fifty questions on two subjects: ten in the split `dev`, forty in `test`. */
export function mmluMiniature(split: 'test' | 'dev'): MMLU[] {
	return [...subjectRows('anatomy', ANATOMY, split), ...subjectRows('astronomy', ASTRONOMY, split)];
}

function subjectRows(subject: string, items: readonly Item[], split: 'test' | 'dev'): MMLU[] {
	const chosen = split === 'dev' ? items.slice(0, DEV) : items.slice(DEV);
	return chosen.map(([question, right, ...wrong], index) => {
		// The right choice takes the four places in turn, in an order without a pattern that a model could copy.
		const place = PLACES[index % PLACES.length] as number;
		const choices = [...wrong.slice(0, place), right, ...wrong.slice(place)];
		return mmluRow(subject, index, question, choices, place);
	});
}

const PLACES = [2, 0, 3, 1, 1, 3, 0, 2, 3, 1, 2, 0, 0, 2, 1, 3, 1, 0, 3, 2];
