import test from 'ava';
import fc from 'fast-check';
import { escapeHtml, html, scriptJson, visibleControls } from '../../../kernel/display/html.ts';

test('values in a template are text, however much they look like markup', (t) => {
	const evil = `<img src=x onerror="alert('1')">&amp;`;
	t.is(html`<p title="${evil}">${evil}</p>`.text.match(/[<>]/g)?.length, 4);
	t.is(html`<p>${html`<b>${'<i>'}</b>`}${[1, 'a<', null, false]}</p>`.text, '<p><b>&lt;i&gt;</b>1a&lt;</p>');
});

test('escaped text holds no character that could end a text or an attribute', (t) => {
	fc.assert(
		fc.property(
			fc.string({ unit: 'binary' }),
			(text) => !/[<>"'`]|&(?!(amp|lt|gt|quot|#39|#96);)/.test(escapeHtml(text)),
		),
	);
	t.pass();
});

test('controls and marks that reorder text are shown, and what scripts and emoji are made of stays', (t) => {
	t.is(visibleControls('\u001b[31mred\u0000'), '␛[31mred␀');
	t.is(visibleControls('user\u202Egnp.exe\u2066'), 'user⟨U+202E⟩gnp.exe⟨U+2066⟩');
	t.is(visibleControls('می\u200cخواهم 👩\u200d🔬\tline\n'), 'می\u200cخواهم 👩\u200d🔬\tline\n');
});

test('JSON in a script element is the same value and never ends the element', (t) => {
	const value = { a: '</script><!--<script>', b: '\u2028\u2029&<>', c: [1, null] };
	const text = scriptJson(value);
	t.deepEqual(JSON.parse(text), value);
	t.notRegex(text, /[<>&\u2028\u2029]/);
});
