/** The plain pages' looks: paper and ink, one teal, saffron for what waits for a person. Both directions, light and dark. */
export const STYLE = `
:root{--paper:#faf8f4;--card:#fffdf9;--ink:#1f2624;--soft:#5c6662;--line:#e2ddd2;--teal:#0f6b66;--teal-wash:#e3f0ee;--saffron:#8a5a00;--saffron-wash:#fbeecb;--red:#a3312b;--red-wash:#fae5e2;--grey-wash:#eeebe3;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--paper:#151a19;--card:#1c2221;--ink:#e8ebe8;--soft:#9aa6a1;--line:#303937;--teal:#6cc4bc;--teal-wash:#17322f;--saffron:#f0c367;--saffron-wash:#3a2e12;--red:#f0938b;--red-wash:#3c1f1d;--grey-wash:#262d2b}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 "IBM Plex Sans","IBM Plex Sans Arabic",system-ui,"Segoe UI","Noto Sans Arabic",Tahoma,sans-serif;font-variant-numeric:tabular-nums}
:lang(ar) body{line-height:1.75}
a{color:var(--teal);text-underline-offset:3px}
a:focus-visible,button:focus-visible,input:focus-visible,textarea:focus-visible{outline:2px solid var(--teal);outline-offset:2px;border-radius:4px}
.wrap{max-width:1040px;margin-inline:auto;padding-inline:20px}
header{border-block-end:1px solid var(--line)}
header .wrap{display:flex;flex-wrap:wrap;align-items:center;gap:4px 24px;min-height:60px;padding-block:8px}
.brand{font-weight:600;font-size:1.1rem;color:var(--ink);text-decoration:none;display:inline-flex;align-items:center;gap:10px}
.brand svg{color:var(--teal)}
nav{display:flex;gap:4px}
nav a{color:var(--soft);text-decoration:none;padding:6px 12px;border-radius:8px}
nav a:hover{color:var(--ink);background:var(--grey-wash)}
nav a[aria-current]{color:var(--teal);background:var(--teal-wash)}
.lang{margin-inline-start:auto;font-size:.9rem}
main{padding-block:28px 64px}
h1{font-size:1.6rem;line-height:1.3;margin:0 0 4px;font-weight:600}
.about{color:var(--soft);margin:0 0 24px;max-width:62ch}
.list{list-style:none;margin:0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:8px;overflow:hidden}
.list>li+li{border-block-start:1px solid var(--line)}
.row{display:grid;gap:4px 20px;padding:16px 20px;align-items:center}
.flow{grid-template-columns:minmax(0,1fr) auto}
.flow h2{font-size:1.05rem;margin:0;font-weight:600}
.flow .figures{grid-column:1/-1}
.figures{display:flex;flex-wrap:wrap;gap:4px 28px;margin:6px 0 0;color:var(--soft);font-size:.9rem}
.figures div{display:flex;gap:6px;align-items:baseline}
.figures dt{order:2}
.figures dd{margin:0;color:var(--ink);font-weight:600}
.figures .bad dd{color:var(--red)}
.pill{display:inline-block;padding:1px 10px;border-radius:999px;font-size:.82rem;background:var(--grey-wash);color:var(--soft);white-space:nowrap}
.pill.good{background:var(--teal-wash);color:var(--teal)}
.pill.wait{background:var(--saffron-wash);color:var(--saffron)}
.pill.bad{background:var(--red-wash);color:var(--red)}
.soft{color:var(--soft);font-size:.9rem}
a.row{color:inherit;text-decoration:none}
a.row:hover{background:var(--grey-wash)}
.message{grid-template-columns:minmax(0,1fr) auto}
.message strong{font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;display:block}
.message .soft{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.message .end{text-align:end}
.empty{background:var(--card);border:1px dashed var(--line);border-radius:8px;padding:40px 24px;text-align:center;color:var(--soft)}
.empty p{margin:0 auto 12px;max-width:52ch}
code{font:.9em ui-monospace,"IBM Plex Mono",Consolas,monospace;background:var(--grey-wash);padding:2px 6px;border-radius:4px;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:6px 20px;margin:20px 0;padding:16px 20px;background:var(--card);border:1px solid var(--line);border-radius:8px}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
iframe,.plain{display:block;width:100%;border:1px solid var(--line);border-radius:8px;background:#fff}
iframe{height:68vh;min-height:360px;color-scheme:light}
.plain{background:var(--card);padding:20px;margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}
.hint{background:var(--saffron-wash);color:var(--saffron);border-radius:8px;padding:10px 16px;margin:0 0 20px;font-size:.92rem}
.more{display:flex;justify-content:space-between;margin-block-start:16px}
.small{max-width:520px;padding-block:12vh 64px}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:28px}
.card p{margin:12px 0 20px}
button{font:inherit;font-weight:600;color:#fff;background:#0f6b66;border:0;border-radius:8px;padding:10px 20px;cursor:pointer;min-height:44px}
button:hover{background:#0b5551}
fieldset{border:0;margin:0 0 16px;padding:0}
legend{padding:0;margin-block-end:12px;font-weight:600}
.scale{display:flex;flex-wrap:wrap;gap:8px}
.scale label{position:relative;display:grid;place-items:center;min-width:44px;min-height:44px;border:1px solid var(--line);border-radius:8px;cursor:pointer}
.scale input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.scale label:has(input:checked){background:#0f6b66;border-color:#0f6b66;color:#fff}
.scale label:has(input:focus-visible){outline:2px solid var(--teal);outline-offset:2px}
.ends{display:flex;justify-content:space-between;color:var(--soft);font-size:.85rem;margin-block-start:6px}
textarea{width:100%;min-height:96px;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:10px 12px;margin-block:4px 16px}
.note{color:var(--red)}
@media (max-width:560px){.wrap{padding-inline:16px}header .wrap{gap:4px 8px}nav{gap:0}nav a{padding:6px 10px}.message .soft{white-space:normal}.row{padding:14px 16px}.message{grid-template-columns:minmax(0,1fr)}.message .end{text-align:start;display:flex;gap:12px;align-items:center}.facts{grid-template-columns:minmax(0,1fr);gap:0 0}.facts dd+dt{margin-block-start:10px}.flow{align-items:start}}
`;
