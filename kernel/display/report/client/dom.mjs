/**
 * An element. Texts among the children become text and nothing else, so whatever a model wrote stays text.
 * @param {string} tag
 * @param {Record<string, string | number | boolean | ((event: any) => void)>} [attributes] functions listen to the event of their name
 * @param {...(Node | string | null)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === 'function') element.addEventListener(name, value);
		else if (value === true) element.setAttribute(name, '');
		else if (value !== false) element.setAttribute(name, String(value));
	}
	for (const child of children) if (child !== null) element.append(child);
	return element;
}

/**
 * The JSON that the page carries in a script element.
 * @param {Element | null} script
 * @returns {any}
 */
export const jsonOf = (script) => JSON.parse(script?.textContent ?? 'null');

/**
 * @param {number} value
 * @returns {string}
 */
export const grouped = (value) => value.toLocaleString('en-US');
