namespace Ci.Reporting;

/// <summary>The style of pages. Nothing from a report is ever put into it.</summary>
internal static class HtmlAssets
{
    /// <summary>System fonts, one column of text; the contents stand beside it where there is room.</summary>
    public const string Style =
        """
        :root{color-scheme:light dark;--ink:#1f2328;--muted:#59636e;--grid:#e3e7ec;--axis:#9aa4ae;--accent:#0068a8;--grey:#6e7781;--paper:#fff;--line:#d8dee4;--soft:#f6f8fa;--warn:#8a4600;--warnback:#fff4e5}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--muted:#9da7b3;--grid:#2b323b;--axis:#6e7681;--accent:#5cb3ff;--grey:#a0a9b4;--paper:#0d1117;--line:#30363d;--soft:#161b22;--warn:#ffb86b;--warnback:#2b1d0e}}
        @media print{:root{--ink:#000;--muted:#444;--grid:#ddd;--axis:#888;--accent:#004f80;--grey:#666;--paper:#fff;--line:#bbb;--soft:#f4f4f4;--warn:#6b3600;--warnback:#fff}}
        *{box-sizing:border-box}
        html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
        @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,'Noto Sans Arabic','Noto Sans Devanagari','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}
        main{max-width:50rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
        section,figure{scroll-margin-top:1rem}
        h1{font-size:1.9rem;line-height:1.2;margin:0 0 .6rem;overflow-wrap:anywhere}
        h2{font-size:1.3rem;line-height:1.3;margin:3rem 0 .9rem}
        h3{font-size:1rem;line-height:1.3;margin:1.6rem 0 .6rem}
        h2 a{color:inherit;text-decoration:none}
        h2 a:hover::after,h2 a:focus-visible::after{content:' #';color:var(--muted)}
        .lead{font-size:1.15rem;margin:0 0 .8rem;overflow-wrap:anywhere}
        .meta,footer,.muted,small{color:var(--muted)}
        .meta,footer{font-size:.875rem;margin:0}
        p,h2,h3,footer,nav li{overflow-wrap:anywhere}
        footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--line)}
        header{border-left:4px solid var(--accent);padding-left:1.1rem}
        header.regress{border-left-color:var(--warn)}
        header.inconclusive{border-left-color:var(--grey);border-left-style:dashed}
        .warning{background:var(--warnback);color:var(--warn);border:1px solid currentColor;border-radius:6px;padding:.6rem .9rem}
        a{color:var(--accent)}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        nav{margin:1.6rem 0 0;padding:.7rem 0;border:solid var(--line);border-width:1px 0;font-size:.95rem}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:0;padding:0;list-style:none}
        nav a[aria-current]{font-weight:600}
        figure{margin:1.2rem 0 1.8rem}
        svg.figure{display:block;width:100%;height:auto}
        svg.compact{display:none}
        svg .lit{stroke:var(--ink);stroke-width:3}
        .many figure{content-visibility:auto;contain-intrinsic-size:auto 24rem}
        .tip{position:fixed;z-index:2;max-width:min(22rem,calc(100vw - 1rem));padding:.3rem .6rem;border-radius:5px;background:var(--ink);color:var(--paper);font-size:.85rem;line-height:1.35;pointer-events:none}
        .tip[hidden]{display:none}
        @media (max-width:40rem){svg.wide{display:none}svg.compact{display:block}main{padding-top:1.5rem}h1{font-size:1.55rem}.lead{font-size:1.05rem}table{font-size:.85rem}}
        .scroll{overflow-x:auto}
        .tall{max-height:40rem;overflow-y:auto}
        .tall thead th{position:sticky;top:0;background:var(--paper)}
        .filter{display:block;margin:0 0 .6rem;font-size:.925rem;color:var(--muted)}
        .filter input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--axis);border-radius:5px;padding:.15rem .5rem;max-width:100%}
        table{border-collapse:collapse;width:100%;font-size:.925rem;font-variant-numeric:tabular-nums}
        th,td{text-align:left;vertical-align:top;padding:.45rem .9rem .45rem 0;border-bottom:1px solid var(--line)}
        th:last-child,td:last-child{padding-right:0}
        thead th{color:var(--muted);font-weight:600;white-space:nowrap}
        td:nth-last-child(1):not(.number){min-width:11rem}
        .number{text-align:right;white-space:nowrap}
        td small{display:block;font-size:.8rem;line-height:1.35}
        .facts th{width:11rem;font-weight:400;color:var(--muted)}
        .facts td,pre{overflow-wrap:anywhere}
        code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'Noto Sans Mono',monospace;font-size:.875em}
        pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem;white-space:pre-wrap}
        th button{all:unset;cursor:pointer}
        th button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        th button::after{content:' ↕';content:' ↕' / '';opacity:.6}
        th[aria-sort=ascending] button::after{content:' ↑';content:' ↑' / '';opacity:1}
        th[aria-sort=descending] button::after{content:' ↓';content:' ↓' / '';opacity:1}
        @media (max-width:40rem){.facts,.facts tbody,.facts tr,.facts th,.facts td{display:block;width:auto}.facts th{border:0;padding-bottom:0}.facts td{padding-top:0}}
        @media (max-width:40rem){.sortable:not(.cards){min-width:34rem}.cards,.cards tbody,.cards tr,.cards td{display:block}.cards thead{display:none}.cards tr[hidden]{display:none}.cards tr{padding:.5rem 0;border-bottom:1px solid var(--line)}.cards td{border:0;padding:.1rem 0;overflow-wrap:anywhere;text-align:left;white-space:normal}.cards td::before{content:attr(data-label) ': ';color:var(--muted)}}
        @media screen and (min-width:82rem){nav{position:fixed;top:2.5rem;left:calc(50vw - 40rem);width:13rem;max-height:calc(100vh - 5rem);overflow-y:auto;margin:0;border-width:0 0 0 1px;padding:.2rem 0 .2rem 1rem}nav ul{display:block}nav li{margin:0 0 .35rem}}
        @media print{main{max-width:none;padding:0}nav,.tip,.filter,th button::after{display:none}svg.wide{display:block}svg.compact{display:none}.many figure{content-visibility:visible}.scroll,.tall{overflow:visible;max-height:none}.tall thead th{position:static}thead{display:table-header-group}figure,tr,header{break-inside:avoid}h2,h3{break-after:avoid}h2{margin-top:1.6rem}body{font-size:11pt}a{color:inherit}}

        """;
}
