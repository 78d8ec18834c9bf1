import type { Letter } from './letter.ts';
import type { FactLine } from './order-facts.ts';
import { escapeHtml } from './plain-text.ts';

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const INK = 'color:#1f2328';
const FAINT = 'color:#5d646d';
const RULE = 'border-bottom:1px solid #e3e5e8';

/** Styles stand inline, because many mail programs leave out others; these turn the colours where it is dark. */
const DARK = `@media (prefers-color-scheme:dark){.page{background:#16181b!important}.card{background:#22252a!important}.ink{color:#eceef1!important}.faint{color:#a3a9b2!important}.rule{border-color:#3a3f46!important}}`;

/** The letter as a page of its own: at most 600 pixels wide, laid out by tables, without images or links. */
export function asHtml(letter: Letter, shop: string): string {
  const { subject, preheader, heading, name, paragraphs, goods } = letter;
  const greeting = name === undefined ? 'Hello,' : `Hello ${name},`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title><style>${DARK}</style></head>
<body class="page" style="margin:0;padding:0;background:#f3f4f6">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">${escapeHtml(preheader)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border-radius:10px"><tr><td style="padding:28px 32px">
<p class="faint" style="margin:0 0 20px;${FONT};font-size:14px;letter-spacing:.04em;${FAINT}">${escapeHtml(shop)}</p>
<h1 class="ink" style="margin:0 0 16px;${FONT};font-size:22px;line-height:1.3;${INK}">${escapeHtml(heading)}</h1>
${[greeting, ...paragraphs].map(paragraph).join('\n')}
${goods === undefined ? '' : goodsTable(goods)}</td></tr></table>
</td></tr></table></body></html>
`;
}

function paragraph(text: string): string {
  return `<p class="ink" style="margin:0 0 12px;${FONT};font-size:16px;line-height:1.5;${INK};overflow-wrap:anywhere">${escapeHtml(text)}</p>`;
}

function goodsTable({ lines, more, extras, total }: NonNullable<Letter['goods']>): string {
  const rows = [
    ...lines.map(goodsRow),
    ...(more > 0 ? [row('faint', FAINT, '', `and ${more} more`, '')] : []),
    ...extras.map(({ what, amount }) => row('faint', FAINT, '', what, amount)),
    ...(total === undefined ? [] : [row('ink', `${INK};font-weight:600`, '', 'Total', total)]),
  ];
  if (rows.length === 0) return '';
  return `<table width="100%" cellpadding="0" cellspacing="0" style="margin-top:12px;border-collapse:collapse">\n${rows.join('\n')}\n</table>`;
}

function goodsRow({ what, quantity, amount = '' }: FactLine): string {
  return row('ink', INK, `${quantity} ×`, what, amount);
}

function row(colour: string, style: string, ...[quantity, what, amount]: [string, string, string]): string {
  const cell = (text: string, more: string) =>
    `<td class="${colour} rule" style="padding:8px 0;${RULE};${FONT};font-size:15px;vertical-align:top;${style};${more}">${escapeHtml(text)}</td>`;
  return `<tr>${cell(quantity, 'white-space:nowrap;padding-right:10px')}${cell(what, 'width:100%;overflow-wrap:anywhere')}${cell(amount, 'white-space:nowrap;text-align:right;padding-left:10px')}</tr>`;
}
